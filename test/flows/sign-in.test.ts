import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { freshAddress, freshPhone, startService, wrongGuess } from "../harness/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
beforeEach(() => {
  service.store.reset();
  service.sns.reset();
});
afterAll(() => service.close());

const requests = () => ({
  store: service.store.exchanges.map(({ path }) => path),
  sms: service.sns.exchanges.length,
});

describe("signing in", () => {
  it("takes one transaction and one SMS to send, and one transaction to verify, right or wrong", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone, role: "customer" });
    expect(sent.body).toEqual({
      success: true,
      data: {
        message: `OTP sent to ${phone.slice(0, 2)}****${phone.slice(-4)}. Please check your SMS.`,
        expiresIn: 300,
        challengeId: expect.stringMatching(/^[A-Za-z0-9_-]{64}$/) as string,
        resendIn: 30,
        codeLength: 6,
        delivery: "accepted",
      },
    });
    expect(requests()).toEqual({ store: ["/multi-exec"], sms: 1 });

    const challengeId = sent.body.data?.["challengeId"];
    const wrong = await service.verifyOtp({ phone, otp: wrongGuess(service.codeFor(phone)), challengeId });
    expect([wrong.status, wrong.body.error]).toEqual([
      400,
      expect.objectContaining({ code: "OTP_INVALID", attemptsRemaining: 4 }),
    ]);
    expect(requests()).toEqual({ store: ["/multi-exec", "/multi-exec"], sms: 1 });

    const verified = await service.verifyOtp({ phone, otp: service.codeFor(phone), challengeId });
    expect(verified.body).toEqual({
      success: true,
      data: {
        verified: true,
        user: {
          id: expect.stringMatching(/^[A-Za-z0-9_-]{24}$/) as string,
          phone,
          role: "customer",
          isProfileComplete: false,
        },
        isNewUser: true,
        tokens: expect.objectContaining({ tokenType: "Bearer", expiresIn: 900 }) as object,
      },
    });
    expect(requests()).toEqual({ store: ["/multi-exec", "/multi-exec", "/multi-exec"], sms: 1 });
    const commands = service.store.exchanges.map(({ body }) => (JSON.parse(body) as unknown[]).length);
    expect(commands).toEqual([21, 19, 19]);
  });

  it("sends the old text, with sender id, as a transactional SMS", async () => {
    const phone = freshPhone();
    await service.sendOtp({ phone });
    const sms = service.sent.at(-1);
    expect(sms?.text).toMatch(
      /^<#> Your Weelo verification code is: \d{6}\. Valid for 5 minutes\.\nAbCdEfGhIjK$/,
    );
    expect(sms?.attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELO",
    });
  });

  it("gives one person in one role one id, and another in another role", async () => {
    const phone = freshPhone();
    const signIn = async (role: string, typed: string) => {
      const sent = await service.sendOtp({ phone: typed, role });
      const answer = await service.verifyOtp({
        phone: typed,
        role,
        otp: service.codeFor(phone),
        challengeId: sent.body.data?.["challengeId"],
      });
      return answer.body.data?.["user"] as { id: string; phone: string };
    };
    const customer = await signIn("customer", `+91 ${phone}`);
    const transporter = await signIn("transporter", phone);
    expect(customer.phone).toBe(phone);
    expect(customer.id).not.toBe(transporter.id);
  });

  it("shows the number as E.164 where it is not of the default country", async () => {
    const sent = await service.sendOtp({ phone: "+1 (415) 555-2671" });
    expect(sent.body.data?.["message"]).toBe("OTP sent to 41****2671. Please check your SMS.");
    const otp = service.codeFor("+14155552671");
    const verified = await service.verifyOtp({
      phone: "+14155552671",
      otp,
      challengeId: sent.body.data?.["challengeId"],
    });
    expect(verified.body.data?.["user"]).toMatchObject({ phone: "+14155552671" });
  });

  it("reads a code in any digits, with spaces", async () => {
    const phone = freshPhone();
    await service.sendOtp({ phone });
    const devanagari = [...service.codeFor(phone)].map((digit) =>
      String.fromCodePoint(0x966 + Number(digit)),
    );
    const otp = `${devanagari.slice(0, 3).join("")} ${devanagari.slice(3).join("")}`;
    expect((await service.verifyOtp({ phone, otp })).status).toBe(200);
  });

  it("costs a forged or foreign challenge id no store request", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const challengeId = String(sent.body.data?.["challengeId"]);
    const otp = service.codeFor(phone);
    service.store.reset();
    const attempts = [
      { phone, otp, challengeId: "forged" },
      { phone, otp, challengeId: challengeId.toLowerCase() },
      { phone: freshPhone(), otp, challengeId },
      { phone, otp, challengeId, role: "transporter" },
    ];
    for (const attempt of attempts) {
      const answer = await service.verifyOtp(attempt);
      expect([answer.status, answer.body.error?.["code"]]).toEqual([400, "OTP_EXPIRED"]);
    }
    expect(service.store.exchanges.length).toBe(0);
  });

  it("wants the challenge id where the role requires it", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone, role: "driver" });
    const otp = service.codeFor(phone);
    const without = await service.verifyOtp({ phone, role: "driver", otp });
    expect(without.body.error).toMatchObject({ code: "INVALID_REQUEST", fields: [{ path: "challengeId" }] });
    const challengeId = sent.body.data?.["challengeId"];
    expect((await service.verifyOtp({ phone, role: "driver", otp, challengeId })).status).toBe(200);
  });

  it("answers a wrong number by name", async () => {
    const answers = await Promise.all(
      ["123", "+447400123456", "01123456789"].map(async (phone) => {
        const { status, body } = await service.sendOtp({ phone });
        return [status, body.error?.["code"]];
      }),
    );
    expect(answers).toEqual([
      [400, "INVALID_PHONE"],
      [403, "COUNTRY_NOT_ALLOWED"],
      [403, "NUMBER_NOT_ALLOWED"],
    ]);
    expect(requests()).toEqual({ store: [], sms: 0 });
  });
});

describe("a limit", () => {
  it("that a send has used up is told with its answer, and what is left of others is not", async () => {
    const phone = freshPhone();
    const { headers } = await service.sendOtp({ phone }, { "Idempotency-Key": "limits" });
    expect(headers.get("ratelimit-policy")).toBe(
      '"resendAfterSeconds";q=1;w=30, "sendsPerHour";q=5;w=3600, "sendsPerDay";q=10;w=86400',
    );
    expect(headers.get("ratelimit")).toContain('"resendAfterSeconds";r=0;t=30');
    const again = await service.sendOtp({ phone }, { "Idempotency-Key": "limits" });
    expect(again.headers.get("ratelimit")).toMatch(/^"resendAfterSeconds";r=0;t=\d+/);
    const verified = await service.verifyOtp({ phone, otp: service.codeFor(phone) });
    expect([verified.status, verified.headers.get("ratelimit")]).toEqual([200, null]);
  });

  it("answers 429 with every way of saying how long", async () => {
    const phone = freshPhone();
    await service.sendOtp({ phone });
    const { status, headers, body } = await service.sendOtp({ phone });
    const { retryAfterMs, retryAfter } = body.error as { retryAfterMs: number; retryAfter: number };
    expect(status).toBe(429);
    expect(body.error).toMatchObject({ code: "OTP_RATE_LIMIT_EXCEEDED", limit: "resendAfterSeconds" });
    expect(retryAfterMs).toBeGreaterThan(0);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    expect(retryAfter).toBe(Math.ceil(retryAfterMs / 1000));
    expect(headers.get("retry-after")).toBe(String(retryAfter));
    expect(headers.get("ratelimit-policy")).toContain('"resendAfterSeconds";q=1;w=30');
    expect(headers.get("ratelimit")).toContain(
      `"resendAfterSeconds";r=0;t=${retryAfter}, "sendsPerHourPerIp";r=`,
    );
  });
});

describe("an Idempotency-Key", () => {
  it("repeats the answer of a send, under either name, and another key is another send", async () => {
    const phone = freshPhone();
    const first = await service.sendOtp({ phone }, { "Idempotency-Key": "abc" });
    const again = await service.sendOtp({ phone }, { "X-Idempotency-Key": "abc" });
    expect([again.status, again.body.data?.["challengeId"]]).toEqual([200, first.body.data?.["challengeId"]]);
    expect((await service.sendOtp({ phone }, { "Idempotency-Key": "abd" })).status).toBe(429);
    expect(service.sns.exchanges.length).toBe(1);
  });

  it("repeats the answer of a verify", async () => {
    const phone = freshPhone();
    const address = { "CF-Connecting-IP": freshAddress(), "X-Idempotency-Key": "v" };
    await service.sendOtp({ phone }, { "CF-Connecting-IP": address["CF-Connecting-IP"] });
    const body = { phone, otp: service.codeFor(phone) };
    const first = await service.verifyOtp(body, address);
    const again = await service.verifyOtp(body, address);
    const { user, isNewUser } = first.body.data ?? {};
    expect(again.body.data).toMatchObject({ user, isNewUser, verified: true });
    const without = await service.verifyOtp(body, { "CF-Connecting-IP": address["CF-Connecting-IP"] });
    expect(without.body.error?.["code"]).toBe("OTP_EXPIRED");
  });

  it("is refused by name when it is none", async () => {
    for (const key of ["x".repeat(256), "caf\u00e9"]) {
      const { status, body } = await service.sendOtp({ phone: freshPhone() }, { "Idempotency-Key": key });
      expect([status, body.error?.["code"]]).toEqual([400, "INVALID_REQUEST"]);
    }
  });
});

describe("health and ready", () => {
  it("say that the Worker runs, without I/O, and that the store takes a write, with its latency", async () => {
    expect((await service.request("/health")).body).toEqual({ success: true, data: { status: "ok" } });
    expect(service.store.exchanges.length).toBe(0);
    expect((await service.request("/ready")).body).toEqual({
      success: true,
      data: {
        status: "ready",
        store: { latencyMs: expect.any(Number) as number },
        sms: { regions: { "ap-south-1": "closed", "ap-south-2": "closed" } },
      },
    });
    service.store.plan(() => ({ status: 200, body: '[{"error":"READONLY"},{"result":"1"}]' }));
    const { status, body } = await service.request("/ready");
    expect([status, body.error?.["code"], body.error?.["upstream"]]).toEqual([
      503,
      "SERVICE_UNAVAILABLE",
      "store",
    ]);
    expect(JSON.stringify(body)).not.toContain("localhost");
  });
});
