import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { FaultyReply } from "../harness/faulty-server.ts";
import type { Answer, Service } from "../harness/service.ts";
import { APPS, freshAddress, freshPhone, startService } from "../harness/service.ts";
import type { Siteverify } from "../harness/siteverify.ts";
import { startSiteverify } from "../harness/siteverify.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const secret = "0x4AAAAAAA_the_widgets_secret";
const WEB = {
  name: "Weelo on the web",
  defaultCountry: "IN",
  turnstile: { hostnames: ["App.example.com"], action: "sign-in" },
};
const FOR_PEOPLE = "Please confirm that you are not a robot, and try again.";

let upstreams: Upstreams;
let siteverify: Siteverify;
let service: Service;
const configured = (overrides: Readonly<Record<string, unknown>> = {}) => ({
  APPS: { ...APPS, web: WEB },
  POLICY: { resendAfterSeconds: 0, sendsPerHour: 100, sendsPerDay: 100 },
  TURNSTILE_SECRET: secret,
  TURNSTILE_ENDPOINT: `${siteverify.url}/siteverify`,
  ...overrides,
});
beforeAll(async () => {
  upstreams = await startUpstreams();
  siteverify = await startSiteverify({ secret, tls: await upstreams.authority.issue() });
  service = await startService(configured(), upstreams);
});
beforeEach(() => {
  siteverify.plan(null);
  service.store.reset();
  service.sns.reset();
});
afterAll(async () => {
  await service.close();
  await siteverify.close();
});

const solve = (changed: Parameters<Siteverify["solve"]>[0] = {}) =>
  siteverify.solve({ action: "sign-in", ...changed });
const send = (body: Readonly<Record<string, unknown>>, headers?: Readonly<Record<string, string>>) =>
  service.sendOtp({ phone: freshPhone(), role: "web", ...body }, headers);
const asked = () => siteverify.requests.map(({ body }) => JSON.parse(body) as Record<string, string>);
const lineOf = ({ headers }: Answer) =>
  service.logs.find((line) => line["requestId"] === headers.get("x-request-id"));

async function expectRefused(answer: Answer, reason: string): Promise<void> {
  expect([answer.status, answer.body.error]).toEqual([
    400,
    {
      code: "INVALID_REQUEST",
      message: FOR_PEOPLE,
      requestId: expect.any(String) as string,
      fields: [{ path: "turnstileToken", message: FOR_PEOPLE }],
    },
  ]);
  expect([service.store.exchanges.length, service.sns.exchanges.length]).toEqual([0, 0]);
  await expect.poll(() => lineOf(answer)).toMatchObject({ reason: `turnstile:${reason}` });
}

describe("a role that asks for Turnstile", () => {
  it("sends to whoever brings a good token, and asks Cloudflare once, with the address that it knows", async () => {
    const token = solve();
    const address = freshAddress();
    const phone = freshPhone();
    const answer = await send({ phone, turnstileToken: token }, { "CF-Connecting-IP": address });
    expect(answer.status).toBe(200);
    expect(asked()).toEqual([
      { secret, response: token, remoteip: address, idempotency_key: expect.any(String) as string },
    ]);
    expect(service.codeFor(phone)).toMatch(/^\d{6}$/);
    await expect.poll(() => lineOf(answer)).toMatchObject({ turnstile: "passed", outcome: "ok" });
  });

  it("names no address where it knows none", async () => {
    await send({ turnstileToken: solve() }, { "CF-Connecting-IP": "not an address" });
    expect(asked().map((request) => "remoteip" in request)).toEqual([false]);
  });

  it.each([[{}], [{ turnstileToken: null }], [{ turnstileToken: "" }]])(
    "wants a token, and asks nobody about %j",
    async (body) => {
      await expectRefused(await send(body), "missing");
      expect(siteverify.requests.length).toBe(0);
    },
  );

  it("names the field of a token that is too long, or no text", async () => {
    for (const turnstileToken of ["x".repeat(2049), 7, { a: 1 }]) {
      const { status, body } = await send({ turnstileToken });
      expect([status, body.error]).toEqual([
        400,
        expect.objectContaining({
          code: "INVALID_REQUEST",
          fields: [expect.objectContaining({ path: "turnstileToken" })],
        }),
      ]);
    }
    expect(siteverify.requests.length).toBe(0);
  });

  it.each([
    ["nobody has solved", () => "0.made-up", "invalid-input-response"],
    ["was solved for another action", () => solve({ action: "send-otp" }), "wrong_action"],
    ["was solved on another host", () => solve({ hostname: "evil.example" }), "wrong_hostname"],
    ["was solved too long ago", () => solve({ at: Date.now() - 301_000 }), "timeout-or-duplicate"],
  ])("refuses a token that %s, before anything is counted or sent", async (_, token, reason) => {
    const answer = await send({ turnstileToken: token() });
    await expectRefused(answer, reason);
    expect(lineOf(answer)).toMatchObject({ turnstile: reason });
  });

  it("refuses a token whose age Cloudflare did not look at", async () => {
    siteverify.plan({
      json: {
        success: true,
        challenge_ts: new Date(Date.now() - 301_000).toISOString(),
        hostname: "app.example.com",
        action: "sign-in",
      },
    });
    await expectRefused(await send({ turnstileToken: solve() }), "too_old");
  });

  it("judges the number first, and spends no token on one that is none", async () => {
    const turnstileToken = solve();
    const { body } = await send({ phone: "123", turnstileToken });
    expect([body.error?.["code"], siteverify.requests.length]).toEqual(["INVALID_PHONE", 0]);
    expect((await send({ turnstileToken })).status).toBe(200);
  });
});

describe("one token", () => {
  it("is one send: not another number's, and not the same number's again", async () => {
    const turnstileToken = solve();
    const phone = freshPhone();
    expect((await send({ phone, turnstileToken })).status).toBe(200);
    service.store.reset();
    service.sns.reset();
    await expectRefused(await send({ turnstileToken }), "timeout-or-duplicate");
    await expectRefused(await send({ phone, turnstileToken }), "timeout-or-duplicate");
  });

  it("is good for a repeat under the same Idempotency-Key, which is the same send", async () => {
    const body = { phone: freshPhone(), turnstileToken: solve() };
    const first = await send(body, { "Idempotency-Key": "a" });
    const again = await send(body, { "X-Idempotency-Key": "a" });
    expect([again.status, again.body.data?.["challengeId"]]).toEqual([200, first.body.data?.["challengeId"]]);
    expect(service.sns.exchanges.length).toBe(1);
  });

  it("is not good under the same Idempotency-Key for another number, nor for this one under another", async () => {
    const body = { phone: freshPhone(), turnstileToken: solve() };
    expect((await send(body, { "Idempotency-Key": "a" })).status).toBe(200);
    service.store.reset();
    service.sns.reset();
    const duplicate = "timeout-or-duplicate";
    await expectRefused(await send({ ...body, phone: freshPhone() }, { "Idempotency-Key": "a" }), duplicate);
    await expectRefused(await send(body, { "Idempotency-Key": "b" }), duplicate);
    await expectRefused(await send(body), duplicate);
  });
});

const solvedNow = () => ({
  success: true,
  challenge_ts: new Date().toISOString(),
  hostname: "app.example.com",
  action: "sign-in",
});

describe("a siteverify that", () => {
  const faults: readonly (readonly [string, () => FaultyReply, string])[] = [
    ["is silent", () => "silent", "timeout"],
    ["stalls", () => "stall_in_body", "timeout"],
    ["drops the connection", () => "drop", "network"],
    [
      "answers 503 with a pass in it",
      () => ({ status: 503, body: JSON.stringify(solvedNow()) }),
      "status_503",
    ],
    ["answers a page", () => ({ status: 200, body: "<html>hoax</html>" }), "not_json"],
    ["answers too much", () => ({ json: { ...solvedNow(), cdata: "x".repeat(16_384) } }), "too_large"],
    [
      "redirects",
      () => ({ status: 307, body: "", headers: { Location: "http://localhost:9/" } }),
      "status_307",
    ],
    [
      "has a fault of its own",
      () => ({ json: { success: false, "error-codes": ["internal-error"] } }),
      "internal-error",
    ],
    [
      "does not know the secret",
      () => ({ status: 400, body: '{"success":false,"error-codes":["invalid-input-secret"]}' }),
      "invalid-input-secret",
    ],
    [
      "says what nobody has documented",
      () => ({ json: { success: false, "error-codes": ["hoax +919876543210"] } }),
      "other",
    ],
  ];

  it.each(faults)("%s closes its role and no other", async (_, fault, reason) => {
    siteverify.plan(fault());
    const startedAt = performance.now();
    const answer = await send({ turnstileToken: solve() });
    expect(performance.now() - startedAt).toBeLessThan(4000);
    expect([answer.status, answer.body.error]).toEqual([
      503,
      expect.objectContaining({ code: "SERVICE_UNAVAILABLE", upstream: "turnstile", retryAfter: 2 }),
    ]);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect([service.store.exchanges.length, service.sns.exchanges.length]).toEqual([0, 0]);
    await expect
      .poll(() => lineOf(answer))
      .toMatchObject({ reason: `turnstile:${reason}`, turnstile: reason });
    expect((await service.sendOtp({ phone: freshPhone(), role: "customer" })).status).toBe(200);
    expect(siteverify.requests.length).toBe(1);
  });
});

describe("a role that does not ask for Turnstile", () => {
  it("sends with no token and with any, and asks Cloudflare nothing", async () => {
    for (const body of [{}, { turnstileToken: "any" }, { turnstileToken: null }]) {
      expect((await service.sendOtp({ phone: freshPhone(), role: "customer", ...body })).status).toBe(200);
    }
    expect(siteverify.requests.length).toBe(0);
  });

  it("verifies without one, as the role that asks does: only a send wants it", async () => {
    const phone = freshPhone();
    const sent = await send({ phone, turnstileToken: solve() });
    const challengeId = sent.body.data?.["challengeId"];
    const verified = await service.verifyOtp({
      phone,
      role: "web",
      otp: service.codeFor(phone),
      challengeId,
    });
    expect([verified.status, siteverify.requests.length]).toEqual([200, 1]);
  });
});

describe("a siteverify whose certificate is not trusted", () => {
  it("hears nothing, and its role is closed", async () => {
    const tls = await upstreams.authority.issue({ hosts: ["siteverify.example.com"] });
    const impostor = await startSiteverify({ secret, tls });
    const own = await startService(configured({ TURNSTILE_ENDPOINT: impostor.url }), {
      ...upstreams,
      close: () => Promise.resolve(),
    });
    const body = { phone: freshPhone(), role: "web", turnstileToken: impostor.solve({ action: "sign-in" }) };
    expect((await own.sendOtp(body)).body.error?.["upstream"]).toBe("turnstile");
    expect(impostor.requests).toEqual([]);
    await own.close();
    await impostor.close();
  });
});

describe("nothing of Turnstile", () => {
  it("is in the logs: no token, no secret, no words of Cloudflare's that we do not know", async () => {
    const turnstileToken = solve();
    await send({ turnstileToken });
    await send({ turnstileToken });
    await expect.poll(() => service.logs.filter((line) => line["turnstile"]).length).toBeGreaterThan(1);
    const logs = JSON.stringify(service.logs);
    for (const kept of [turnstileToken, secret, "hoax", "app.example.com"]) expect(logs).not.toContain(kept);
    expect(service.noise).toEqual([]);
  });
});
