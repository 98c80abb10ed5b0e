import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Service } from "../harness/service.ts";
import { APPS, freshAddress, freshPhone, startService } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const send = "/api/v1/auth/send-otp";
const verify = "/api/v1/auth/verify-otp";
const refresh = "/api/v1/auth/refresh";

/** Requests of one address to one route in one of its windows; a flood may meet the end of one, so it meets two at most. */
const LIMIT = 20;

let upstreams: Upstreams;
let limited: Service;
let unlimited: Service;
beforeAll(async () => {
  upstreams = await startUpstreams();
  const around = { ...upstreams, close: () => Promise.resolve() };
  limited = await startService({}, around, {
    ratelimits: { RATE_LIMITER: { namespace_id: "1001", simple: { limit: LIMIT, period: 60 } } },
  });
  unlimited = await startService({}, around);
});
beforeEach(() => {
  upstreams.store.reset();
  upstreams.sns.reset();
});
afterAll(async () => {
  await Promise.all([limited.close(), unlimited.close()]);
  await upstreams.close();
});

async function flood(ask: (index: number) => Promise<Answer>, size = 200): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let index = 0; index < size; index += 10) {
    answers.push(...(await Promise.all(Array.from({ length: 10 }, (_, offset) => ask(index + offset)))));
  }
  return answers;
}

const from = (address: string) => ({ "CF-Connecting-IP": address });
const refused = (answers: readonly Answer[]) =>
  answers.filter(({ body }) => body.error?.["limit"] === "RATE_LIMITER");

describe("RATE_LIMITER, where it is bound", () => {
  it("keeps a flood of sends from one address away from the store, and no other address", async () => {
    const address = freshAddress();
    const answers = await flood(() =>
      limited.sendOtp({ phone: freshPhone(), role: "customer" }, from(address)),
    );
    const passed = answers.length - refused(answers).length;
    expect(passed).toBeGreaterThanOrEqual(LIMIT);
    expect(passed).toBeLessThanOrEqual(2 * LIMIT);
    expect([upstreams.store.exchanges.length, upstreams.sns.exchanges.length]).toEqual([passed, passed]);
    expect((await limited.sendOtp({ phone: freshPhone() }, from(freshAddress()))).status).toBe(200);
  });

  it("keeps a flood of guesses away from the store, and counts each route by itself", async () => {
    const address = freshAddress();
    const answers = await flood(() =>
      limited.verifyOtp({ phone: freshPhone(), otp: "123456" }, from(address)),
    );
    const passed = answers.length - refused(answers).length;
    expect(passed).toBeLessThanOrEqual(2 * LIMIT);
    expect(upstreams.store.exchanges.length).toBe(passed);
    expect((await limited.sendOtp({ phone: freshPhone() }, from(address))).status).toBe(200);
  });

  it("refuses by 429, which never says a time that is early, before the body is read", async () => {
    const address = freshAddress();
    const answers = await flood((index) =>
      limited.post(send, index % 2 === 0 ? "no JSON" : "x".repeat(100_000), from(address)),
    );
    const [answer] = refused(answers);
    expect([answer?.status, answer?.body.error]).toEqual([
      429,
      {
        code: "OTP_RATE_LIMIT_EXCEEDED",
        message: expect.any(String) as string,
        requestId: expect.any(String) as string,
        limit: "RATE_LIMITER",
        retryAfter: 60,
        retryAfterMs: 60_000,
      },
    ]);
    expect(answer?.headers.get("retry-after")).toBe("60");
    expect(answer?.headers.get("ratelimit")).toBe('"RATE_LIMITER";r=0;t=60');
    expect(answer?.headers.get("ratelimit-policy")).toBe(null);
    expect(refused(answers).length).toBeGreaterThanOrEqual(200 - 2 * LIMIT);
    const line = () =>
      limited.logs.find(({ requestId }) => requestId === answer?.headers.get("x-request-id"));
    await expect.poll(line).toMatchObject({
      reason: "over_limit:RATE_LIMITER",
      rateLimiter: "refused",
      route: send,
      storeRequests: 0,
    });
    expect(line()).not.toHaveProperty("phone");
  });

  it("hears a refused body to its end, so that its sender hears the answer, and the next one too", async () => {
    const address = freshAddress();
    const large = JSON.stringify({ extra: "x".repeat(1_000_000) });
    const statuses = new Set<number>();
    for (let round = 0; round < 200; round += 1) {
      statuses.add((await limited.post(send, large, from(address))).status);
      statuses.add((await limited.post(send, "{}", from(address))).status);
    }
    expect([...statuses].sort()).toEqual([400, 413, 429]);
  });

  it("takes the addresses of one /64 for one", async () => {
    const answers = await flood((index) => limited.post(verify, "{}", from(`2001:db8:1:1::${index + 1}`)));
    expect(refused(answers).length).toBeGreaterThanOrEqual(200 - 2 * LIMIT);
  });

  it("never refuses a refresh: a failed one would sign people out behind their carrier's address", async () => {
    const address = freshAddress();
    const answers = await flood(() => limited.post(refresh, { refreshToken: "forged" }, from(address)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(upstreams.store.exchanges.length).toBe(0);
  });
});

describe("RATE_LIMITER, where it is not bound", () => {
  it("limits nothing", async () => {
    const address = freshAddress();
    const answers = await flood(() => unlimited.sendOtp({ phone: freshPhone() }, from(address)), 3 * LIMIT);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(unlimited.logs.some((line) => "rateLimiter" in line)).toBe(false);
  });
});

describe("a binding that is called RATE_LIMITER and is none", () => {
  it("is MISCONFIGURED", async () => {
    const service = await startService(
      { RATE_LIMITER: JSON.stringify(APPS) },
      { ...upstreams, close: () => Promise.resolve() },
    );
    expect((await service.request("/health")).body.error?.["code"]).toBe("MISCONFIGURED");
    await expect
      .poll(() => service.logs[0]?.["problems"])
      .toEqual([
        { binding: "RATE_LIMITER", wants: "wants a rate limit binding, from ratelimits in wrangler.toml" },
      ]);
    await service.close();
  });
});
