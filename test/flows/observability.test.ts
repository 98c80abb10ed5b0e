import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DataPoint } from "../../src/metrics.ts";
import { BLOBS, DOUBLES } from "../../src/metrics.ts";
import type { Directory } from "../harness/directory.ts";
import { startDirectory } from "../harness/directory.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService, wrongGuess } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { randomSecret, startUpstreams } from "../harness/upstreams.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

let upstreams: Upstreams;
let service: Service;
let directory: Directory;
const points: DataPoint[] = [];
const secret = randomSecret();

beforeAll(async () => {
  upstreams = await startUpstreams();
  const tls = await upstreams.authority.issue();
  directory = await startDirectory({ secret: Buffer.from(secret, "base64url"), tls });
  const overrides = {
    ENVIRONMENT: "staging",
    DIRECTORY_URL: directory.url,
    DIRECTORY_SECRET: secret,
    POLICY: { resendAfterSeconds: 0, smsPricesUsd: { IN: 0.002785 }, storeTimeoutMs: 10_000 },
  };
  service = await startService(overrides, upstreams, {}, (point) => points.push(point));
});
beforeEach(() => {
  service.store.reset();
  service.sns.reset();
  directory.plan(() => "unknown");
});
afterAll(async () => {
  await service.close();
  await directory.close();
});

async function signIn(headers: Readonly<Record<string, string>> = {}) {
  const phone = freshPhone();
  const sent = await service.sendOtp({ phone }, headers);
  const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
  return { sent, verified: await service.verifyOtp(body, headers) };
}

const spansOf = (requests: readonly { readonly headers: Readonly<Record<string, unknown>> }[]) =>
  requests.map(({ headers }) => headers["traceparent"]);

describe("a caller's trace", () => {
  it("goes on to the store and the directory, each request a span of its own, and into the log", async () => {
    await signIn({ traceparent, tracestate: "rojo=1", "X-Request-Id": "traced" });
    const spans = [...spansOf(service.store.exchanges), ...spansOf(directory.requests)];
    expect(spans.length).toBe(4);
    for (const span of spans) expect(span).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(new Set([...spans, traceparent]).size).toBe(5);
    for (const { headers } of [...service.store.exchanges, ...directory.requests])
      expect(headers["tracestate"]).toBe("rojo=1");
    await expect
      .poll(() => service.logs.filter((line) => line["traceId"] === TRACE))
      .toMatchObject([{ requestId: "traced" }, { requestId: "traced" }]);
  });

  it("has a span of its own for a repeat after a lost answer", async () => {
    service.store.plan((_, index) => (index === 0 ? "drop_after" : "pass"));
    expect((await service.sendOtp({ phone: freshPhone() }, { traceparent })).status).toBe(200);
    const spans = spansOf(service.store.exchanges);
    expect([spans.length, new Set(spans).size]).toEqual([2, 2]);
  });

  it("does not go to SNS, whose signature covers its headers", async () => {
    await signIn({ traceparent });
    expect(service.sns.exchanges.length).toBe(1);
    expect(spansOf(service.sns.exchanges)).toEqual([undefined]);
  });

  it.each([{}, { traceparent: traceparent.replace("00-", "ff-"), tracestate: "rojo=1" }])(
    "is not made up, with %j",
    async (headers) => {
      const { verified } = await signIn({ ...headers, "X-Request-Id": "untraced" });
      expect(verified.status).toBe(200);
      for (const { headers: sent } of [...service.store.exchanges, ...directory.requests]) {
        expect(sent).not.toHaveProperty("traceparent");
        expect(sent).not.toHaveProperty("tracestate");
      }
      await expect.poll(() => service.logs.at(-1)).toMatchObject({ requestId: "untraced" });
      expect(service.logs.at(-1)).not.toHaveProperty("traceId");
    },
  );
});

describe("Server-Timing", () => {
  const timingOf = ({ headers }: { readonly headers: Headers }) => headers.get("server-timing");

  it("outside production says what each upstream took", async () => {
    const { sent, verified } = await signIn();
    expect(timingOf(sent)).toMatch(/^store;dur=\d+, sms;dur=\d+, total;dur=\d+$/);
    expect(timingOf(verified)).toMatch(/^store;dur=\d+, directory;dur=\d+, total;dur=\d+$/);
    expect(timingOf(await service.request("/health"))).toMatch(/^total;dur=\d+$/);
    expect(timingOf(await service.request("/nowhere"))).toMatch(/^total;dur=\d+$/);
  });

  it.each([
    ["production", { ENVIRONMENT: "production" }],
    ["an environment without a name", {}],
    ["a Worker that is misconfigured", { ENVIRONMENT: "staging", ISSUER: undefined }],
    ["an environment whose name is not one", { ENVIRONMENT: "Production" }],
  ])("is not told in %s", async (_, overrides) => {
    const own = await startService(overrides, { ...upstreams, close: () => Promise.resolve() });
    expect(timingOf(await own.request("/ready"))).toBeNull();
    expect(timingOf(await own.sendOtp({ phone: freshPhone() }))).toBeNull();
    await own.close();
  });
});

const read = ({ indexes, blobs, doubles }: DataPoint) =>
  Object.fromEntries([
    ["index", indexes[0]],
    ...Object.keys(BLOBS).map((name, index) => [name, blobs[index]] as const),
    ...Object.keys(DOUBLES).map((name, index) => [name, doubles[index]] as const),
  ]);

describe("the metrics", () => {
  it("have exactly one point a request, whatever becomes of it", async () => {
    points.length = 0;
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const otp = service.codeFor(phone);
    const challengeId = sent.body.data?.["challengeId"];
    await service.verifyOtp({ phone, otp: wrongGuess(otp), challengeId });
    await service.verifyOtp({ phone, otp, challengeId });
    await service.sendOtp({ phone: "nonsense", role: "driver" });
    await service.request("/nowhere");
    service.store.plan(() => "drop_before");
    await service.sendOtp({ phone });
    await expect.poll(() => points.length).toBe(6);
    expect(points.map(read)).toMatchObject([
      {
        index: "customer",
        route: "/api/v1/auth/send-otp",
        country: "IN",
        delivery: "accepted",
        smsRegion: "ap-south-1",
        smsOutcome: "sent",
        smsMicroUsd: 2785,
        storeRequests: 1,
        requests: 1,
        status: 200,
      },
      { index: "customer", outcome: "OTP_INVALID", reason: "wrong_guess", status: 400 },
      { index: "customer", route: "/api/v1/auth/verify-otp", outcome: "ok", directory: "record" },
      { index: "driver", outcome: "INVALID_PHONE", country: "" },
      { index: "none", route: "none", outcome: "NOT_FOUND", role: "", status: 404 },
      { index: "customer", outcome: "SERVICE_UNAVAILABLE", storeFailure: "network", status: 503 },
    ]);
    expect(JSON.stringify(points)).not.toContain(phone);
    expect(JSON.stringify(points)).not.toContain(phone.slice(-4));
  });

  it("go into the dataset that wrangler binds", async () => {
    const none = { ...upstreams, close: () => Promise.resolve() };
    const own = await startService({}, none, {
      analyticsEngineDatasets: { METRICS: { dataset: "edge_otp" } },
    });
    expect((await own.sendOtp({ phone: freshPhone() })).status).toBe(200);
    await expect.poll(() => own.logs).toMatchObject([{ outcome: "ok" }]);
    expect(own.logs[0]).not.toHaveProperty("deferredFailures");
    await own.close();
  });

  it("have a point also of what a misconfigured Worker refuses", async () => {
    const own: DataPoint[] = [];
    const misconfigured = await startService(
      { ISSUER: undefined },
      { ...upstreams, close: () => Promise.resolve() },
      {},
      (point) => own.push(point),
    );
    expect((await misconfigured.request("/health")).status).toBe(503);
    await expect.poll(() => own.map(read)).toMatchObject([{ outcome: "MISCONFIGURED", reason: "bindings" }]);
    await misconfigured.close();
  });
});
