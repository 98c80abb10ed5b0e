import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Service } from "../harness/service.ts";
import { APPS, freshAddress, freshPhone, startService, wrongGuess } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
afterAll(() => upstreams.close());

async function withService(overrides: object, run: (service: Service) => Promise<void>): Promise<void> {
  const service = await startService({ ...overrides }, { ...upstreams, close: () => Promise.resolve() });
  try {
    await run(service);
  } finally {
    await service.close();
  }
}

const from = () => ({ "CF-Connecting-IP": freshAddress() });
const commandsOf = (upstream: Upstreams["store"]) =>
  upstream.exchanges.map(({ body }) => (JSON.parse(body) as unknown[]).length);

/** Sends until one is refused; sixty different numbers of one prefix. */
async function pump(service: Service): Promise<Answer[]> {
  const prefix = freshPhone().slice(0, 6);
  const answers: Answer[] = [];
  for (let line = 0; line < 60; line += 1) {
    const answer = await service.sendOtp({ phone: `${prefix}${String(line).padStart(4, "0")}` }, from());
    answers.push(answer);
    if (answer.status !== 200) break;
  }
  return answers;
}

describe("the guard", () => {
  const sizes = { guardSendsPerPrefix: 10, guardConversionPercent: 20, guardHoldSeconds: 600 };

  it("enforced, stops a burst of sends to one prefix, and says until when", async () => {
    await withService({ POLICY: { ...sizes, guard: "enforce" } }, async (service) => {
      const answers = await pump(service);
      expect(answers.length).toBeLessThanOrEqual(51);
      const refused = answers.at(-1);
      expect(refused?.status).toBe(429);
      expect(refused?.body.error).toMatchObject({
        code: "OTP_RATE_LIMIT_EXCEEDED",
        limit: "guard",
        retryAfter: 600,
        retryAfterMs: 600_000,
      });
      expect(refused?.headers.get("Retry-After")).toBe("600");
      expect(refused?.headers.get("RateLimit")).not.toContain("guard");
      await expect
        .poll(() => service.logs.at(-1))
        .toMatchObject({ reason: "over_limit:guard", guard: "held:prefix" });
    });
  });

  it("in shadow, as it is unless told, sends all and logs what it would have held", async () => {
    await withService({ POLICY: sizes }, async (service) => {
      const answers = await pump(service);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      await expect.poll(() => service.logs.length).toBe(60);
      expect(service.logs.filter((line) => line["guard"] === "would_hold:prefix").length).toBe(10);
    });
  });

  it("that is off costs no command", async () => {
    await withService({ POLICY: { guard: "off" } }, async (service) => {
      upstreams.store.reset();
      const phone = freshPhone();
      const sent = await service.sendOtp({ phone }, from());
      const { challengeId } = sent.body.data ?? {};
      await service.verifyOtp({ phone, otp: service.codeFor(phone), challengeId });
      expect(commandsOf(upstreams.store)).toEqual([11, 12]);
    });
  });
});

describe("the day's budgets", () => {
  it("refuse by name what is above them, and ring once at four fifths and once when they are used up", async () => {
    const POLICY = { smsPerDayPerRole: { transporter: 5 }, smsPricesUsd: { IN: 0.0025, "*": 0.05 } };
    await withService({ POLICY }, async (service) => {
      const statuses: number[] = [];
      for (let index = 0; index < 7; index += 1)
        statuses.push((await service.sendOtp({ phone: freshPhone(), role: "transporter" }, from())).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
      const customer = await service.sendOtp({ phone: freshPhone() }, from());
      expect(customer.status).toBe(200);
      await expect.poll(() => service.logs.filter((line) => "route" in line).length).toBe(8);
      const rung = service.logs.filter((line) => line["event"] === "sms_budget");
      const warning = { limit: "smsPerDayPerRole", scope: "role.transporter", quota: 5 };
      expect(rung).toMatchObject([
        { ...warning, percent: 80 },
        { ...warning, percent: 100 },
      ]);
      const requests = service.logs.filter((line) => "route" in line);
      expect(requests.map((line) => line["smsPriceMicroUsd"])).toEqual([
        ...Array<number>(5).fill(2500),
        undefined,
        undefined,
        2500,
      ]);
    });
  });
});

describe("the owner of a number whose day strangers have used up", () => {
  it("signs in with proof of an earlier sign-in, by either token, even expired", async () => {
    const customer = { ...APPS.customer, accessTokenSeconds: 1 };
    const POLICY = { sendsPerHour: 10, resendAfterSeconds: 0 };
    await withService({ POLICY, APPS: { ...APPS, customer } }, async (service) => {
      const phone = freshPhone();
      const first = await service.sendOtp({ phone }, from());
      const { challengeId } = first.body.data ?? {};
      const signedIn = await service.verifyOtp({ phone, otp: service.codeFor(phone), challengeId });
      const tokens = signedIn.body.data?.["tokens"] as { accessToken: string; refreshToken: string };
      const { refreshToken } = tokens;
      for (let index = 0; index < 9; index += 1) await service.sendOtp({ phone }, from());

      const stranger = await service.sendOtp({ phone }, from());
      expect(stranger.body.error?.["limit"]).toBe("sendsPerDay");
      const forged = await service.sendOtp({ phone, refreshToken: `${refreshToken}x` }, from());
      expect(forged.body.error?.["limit"]).toBe("sendsPerDay");
      const other = freshPhone();
      await service.sendOtp({ phone: other }, from());
      const theirs = await service.verifyOtp({ phone: other, otp: service.codeFor(other) });
      const stolen = (theirs.body.data?.["tokens"] as { refreshToken: string }).refreshToken;
      const foreign = await service.sendOtp({ phone, refreshToken: stolen }, from());
      expect(foreign.body.error?.["limit"]).toBe("sendsPerDay");

      const byRefresh = await service.sendOtp({ phone, refreshToken }, from());
      expect(byRefresh.status).toBe(200);
      const verified = await service.verifyOtp({
        phone,
        otp: service.codeFor(phone),
        challengeId: byRefresh.body.data?.["challengeId"],
      });
      expect(verified.status).toBe(200);
      // Long past its second by the time that nine sends and two sign-ins have taken.
      await expect
        .poll(async () => {
          const bearer = { Authorization: `Bearer ${tokens.accessToken}` };
          return (await service.request("/api/v1/auth/me", { headers: bearer })).status;
        })
        .toBe(401);
      const bearer = { ...from(), Authorization: `Bearer ${tokens.accessToken}` };
      expect((await service.sendOtp({ phone }, bearer)).status).toBe(200);
    });
  });
});

describe("a test number", () => {
  const number = "+15555550100";
  const apps = {
    ...APPS,
    customer: { ...APPS.customer, testNumbers: { [number]: "424242", "+919999900001": "000000" } },
  };

  it("signs in with its fixed code, as often as it likes, without SMS and without budget", async () => {
    await withService({ APPS: apps, POLICY: { smsPerDay: 0 } }, async (service) => {
      const before = upstreams.sent.length;
      upstreams.store.reset();
      for (let index = 0; index < 12; index += 1) {
        const sent = await service.sendOtp({ phone: number }, from());
        expect(sent.status).toBe(200);
        const { challengeId } = sent.body.data ?? {};
        const wrong = await service.verifyOtp({ phone: number, otp: wrongGuess("424242"), challengeId });
        expect(wrong.body.error?.["code"]).toBe("OTP_INVALID");
        const verified = await service.verifyOtp({ phone: number, otp: "424242", challengeId });
        expect(verified.body.data).toMatchObject({ verified: true, user: { phone: number } });
      }
      for (let index = 0; index < 12; index += 1) {
        const withoutId = await service.sendOtp({ phone: "9999900001" });
        expect(withoutId.body.data?.["message"]).toBe("OTP sent to 99****0001. Please check your SMS.");
        expect((await service.verifyOtp({ phone: "9999900001", otp: "000000" })).status).toBe(200);
      }
      expect(upstreams.sent.length).toBe(before);
      // The guard would take those who test for those who pump, and no SMS is no business of the day's budget.
      const asked = upstreams.store.exchanges.map(({ body }) => body).join("\n");
      expect(asked).not.toMatch(/"(?:pfx|cty|net|hold|day):/);
      await expect.poll(() => service.logs.length).toBe(60);
      expect(service.logs.every((line) => line["testNumber"] === true)).toBe(true);
    });
  });

  it("is refused by every role that does not name it, on both routes", async () => {
    await withService({ APPS: apps }, async (service) => {
      const body = { phone: "9999900001", role: "transporter" };
      const answers = [await service.sendOtp(body), await service.verifyOtp({ ...body, otp: "000000" })];
      for (const { status, body: answer } of answers)
        expect([status, answer.error?.["code"]]).toEqual([403, "NUMBER_NOT_ALLOWED"]);
    });
  });

  it("wants a code of as many digits as all others have, and a number in E.164", async () => {
    for (const testNumbers of [{ [number]: "1234" }, { "9999900001": "424242" }]) {
      const wrong = { ...APPS, customer: { ...APPS.customer, testNumbers } };
      await withService({ APPS: wrong }, async (service) => {
        expect((await service.request("/health")).body.error?.["code"]).toBe("MISCONFIGURED");
      });
    }
  });
});
