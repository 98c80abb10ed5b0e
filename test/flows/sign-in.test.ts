import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { freshAddress, freshPhone, startService, wrongGuess } from "../harness/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

describe("signing in", () => {
  it("takes one transaction and one SMS to send, and one transaction to verify", async () => {
    const phone = freshPhone();
    const before = [service.store.exchanges.length, service.sns.exchanges.length];
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
    expect([service.store.exchanges.length, service.sns.exchanges.length]).toEqual([before[0]! + 1, before[1]! + 1]);
    const verified = await service.verifyOtp({
      phone,
      otp: service.codeFor(phone),
      role: "customer",
      challengeId: sent.body.data?.["challengeId"],
    });
    expect(verified.body).toEqual({
      success: true,
      data: {
        verified: true,
        user: { id: expect.stringMatching(/^[A-Za-z0-9_-]{24}$/) as string, phone, role: "customer", isProfileComplete: false },
        isNewUser: true,
      },
    });
    expect(service.store.exchanges.length).toBe(before[0]! + 2);
    expect(service.store.exchanges.at(-1)?.path).toBe("/multi-exec");
    console.log(service.logs, service.noise, service.sent.at(-1));
  });
  it("wrong", async () => {
    const phone = freshPhone();
    const address = { "CF-Connecting-IP": freshAddress() };
    await service.sendOtp({ phone }, address);
    const wrong = await service.verifyOtp({ phone, otp: wrongGuess(service.codeFor(phone)) }, address);
    expect(wrong.body.error).toMatchObject({ code: "OTP_INVALID", attemptsRemaining: 4 });
  });
});
