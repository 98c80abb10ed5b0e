import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { APPS, freshPhone, startService } from "../harness/service.ts";
import { startUpstreams } from "../harness/upstreams.ts";
import { CASES, MOST_MS, SEED } from "./cases.ts";
import { judge } from "./judge.ts";
import type { Loot } from "./requests.ts";
import { hostileRequests } from "./requests.ts";

/** So many callers at once. */
const AT_ONCE = 10;

let service: Service;
let loot: Loot;
beforeAll(async () => {
  // The limits are for other tests: here as much as possible shall come past them.
  const most = { sendsPerHour: 1000, sendsPerDay: 1000, sendsPerHourPerIp: 1e9, verifiesPerHourPerIp: 1e9 };
  const POLICY = { ...most, smsPerDay: 1e9, guessesPerChallenge: 100, resendAfterSeconds: 0 };
  // A night's cases take longer than a token lives.
  const customer = { ...APPS.customer, accessTokenSeconds: 86_400 };
  const upstreams = await startUpstreams();
  const overrides = { ...upstreams.directBindings, APPS: { ...APPS, customer }, POLICY };
  service = await startService(overrides, upstreams);
  loot = await plunder();
});
afterAll(() => service.close());

/** A sign-in, and a code under way. */
async function plunder(): Promise<Loot> {
  const phone = `+91${freshPhone()}`;
  await service.sendOtp({ phone });
  const { body } = await service.verifyOtp({ phone, otp: service.codeFor(phone) });
  const tokens = body.data?.["tokens"] as { accessToken: string; refreshToken: string };
  const other = `+91${freshPhone()}`;
  const sent = await service.sendOtp({ phone: other });
  const bearer = { Authorization: `Bearer ${tokens.accessToken}` };
  const listed = await service.request("/api/v1/auth/sessions", { headers: bearer });
  const sessions = listed.body.data?.["sessions"] as { sid: string }[];
  return {
    ...tokens,
    phone: other,
    challengeId: String(sent.body.data?.["challengeId"]),
    sid: sessions[0]?.sid ?? "",
    code: service.codeFor(other),
  };
}

describe("whatever a hostile caller sends", () => {
  it(
    "is answered as the document says, never by a 5xx, and never believed",
    { timeout: MOST_MS },
    async () => {
      const crowd = fc.array(hostileRequests(loot), { minLength: AT_ONCE, maxLength: AT_ONCE });
      const property = fc.asyncProperty(crowd, async (requests) => {
        const wrong = await Promise.all(requests.map((asked) => judge(service.url, asked)));
        expect(wrong.flat()).toEqual([]);
      });
      await fc.assert(property, { numRuns: Math.ceil(CASES / AT_ONCE), seed: SEED });
      expect(service.noise).toEqual([]);
    },
  );

  it("costs nobody his session or his code", async () => {
    const bearer = { Authorization: `Bearer ${loot.accessToken}` };
    expect((await service.request("/api/v1/auth/me", { headers: bearer })).status).toBe(200);
    const refreshed = await service.post("/api/v1/auth/refresh", { refreshToken: loot.refreshToken });
    expect(refreshed.status).toBe(200);
  });
});
