import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Service } from "../harness/service.ts";
import { freshAddress, freshPhone, startService, wrongGuess } from "../harness/service.ts";

/** On the built bundle in workerd; with REDIS_URL set, over that real Redis. */
let service: Service;
beforeAll(async () => {
  service = await startService({
    POLICY: { storeTimeoutMs: 20_000, resendAfterSeconds: 0, sendsPerHour: 100, sendsPerDay: 100 },
  });
});
afterAll(() => service.close());

const outcomes = (answers: readonly Answer[]) =>
  answers.map(({ body }) => (body.success ? "OK" : String(body.error?.["code"])));
const count = (answers: readonly Answer[], outcome: string) =>
  outcomes(answers).filter((one) => one === outcome).length;

async function sendTo(phone: string, headers: Readonly<Record<string, string>> = {}) {
  const sent = await service.sendOtp({ phone }, headers);
  return { challengeId: String(sent.body.data?.["challengeId"]), code: service.codeFor(phone) };
}

describe("of any number of concurrent right guesses", () => {
  it("exactly one succeeds: twenty-five with one challenge", async () => {
    const phone = freshPhone();
    const { challengeId, code } = await sendTo(phone);
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => service.verifyOtp({ phone, otp: code, challengeId })),
    );
    expect([count(answers, "OK"), count(answers, "OTP_EXPIRED")]).toEqual([1, 24]);
  });

  it("exactly one succeeds: with five challenges, and without", async () => {
    const phone = freshPhone();
    const challenges = await Promise.all(Array.from({ length: 5 }, () => sendTo(phone)));
    const [first] = challenges;
    const answers = await Promise.all([
      ...challenges.map(({ challengeId, code }) => service.verifyOtp({ phone, otp: code, challengeId })),
      ...Array.from({ length: 5 }, () =>
        service.verifyOtp({ phone, otp: first?.code }, { "CF-Connecting-IP": freshAddress() }),
      ),
    ]);
    expect(new Set(challenges.map(({ code }) => code)).size).toBe(1);
    expect([count(answers, "OK"), count(answers, "OTP_EXPIRED")]).toEqual([1, 9]);
  });

  it("all succeed alike under one Idempotency-Key: they are one attempt", async () => {
    const phone = freshPhone();
    const { challengeId, code } = await sendTo(phone);
    const verify = () => service.verifyOtp({ phone, otp: code, challengeId }, { "Idempotency-Key": "one" });
    const answers = await Promise.all(Array.from({ length: 10 }, verify));
    expect(count(answers, "OK")).toBe(10);
    const sessions = answers.map(
      ({ body }) => (body.data?.["tokens"] as { refreshToken: string }).refreshToken,
    );
    expect(new Set(sessions).size).toBe(1);
    expect(answers.every(({ body }) => body.data?.["isNewUser"] === true)).toBe(true);
  });
});

describe("of any number of concurrent wrong guesses", () => {
  it("no more than the budget is ever evaluated, and after that the right code is refused too", async () => {
    const phone = freshPhone();
    const { challengeId, code } = await sendTo(phone);
    const guesses = Array.from({ length: 300 }, (_, index) => wrongGuess(code, index + 1));
    const answers = await Promise.all(guesses.map((otp) => service.verifyOtp({ phone, otp, challengeId })));
    expect([count(answers, "OTP_INVALID"), count(answers, "OTP_MAX_ATTEMPTS")]).toEqual([5, 295]);
    const remaining = answers.flatMap(({ body }) =>
      body.error?.["code"] === "OTP_INVALID" ? [body.error["attemptsRemaining"]] : [],
    );
    expect(remaining.sort()).toEqual([0, 1, 2, 3, 4]);
    expect(outcomes([await service.verifyOtp({ phone, otp: code, challengeId })])).toEqual([
      "OTP_MAX_ATTEMPTS",
    ]);
  });

  it("the same wrong code costs one guess, however often", async () => {
    const phone = freshPhone();
    const { challengeId, code } = await sendTo(phone);
    const otp = wrongGuess(code);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => service.verifyOtp({ phone, otp, challengeId })),
    );
    expect(answers.every(({ body }) => body.error?.["attemptsRemaining"] === 4)).toBe(true);
  });

  it("a right one among them wins or is locked out, and never both or neither", async () => {
    for (let round = 0; round < 5; round += 1) {
      const phone = freshPhone();
      const { challengeId, code } = await sendTo(phone);
      const guesses = Array.from({ length: 20 }, (_, index) =>
        index === 10 ? code : wrongGuess(code, index + 1),
      );
      const answers = await Promise.all(guesses.map((otp) => service.verifyOtp({ phone, otp, challengeId })));
      expect(["OK", "OTP_MAX_ATTEMPTS"]).toContain(outcomes(answers)[10]);
      expect(count(answers, "OK")).toBeLessThanOrEqual(1);
      expect(count(answers, "OTP_INVALID")).toBeLessThanOrEqual(5);
      const again = outcomes([await service.verifyOtp({ phone, otp: code, challengeId })]);
      expect(["OTP_EXPIRED", "OTP_MAX_ATTEMPTS"]).toContain(again[0]);
    }
  });
});

describe("a stranger's wrong guesses", () => {
  it("never lock the owner out: with a challenge id of the stranger's own", async () => {
    const phone = freshPhone();
    const owner = await sendTo(phone);
    const stranger = await sendTo(phone, { "CF-Connecting-IP": freshAddress() });
    const guesses = Array.from({ length: 50 }, (_, index) => wrongGuess(owner.code, index + 1));
    const { challengeId } = stranger;
    await Promise.all(guesses.map((otp) => service.verifyOtp({ phone, otp, challengeId })));
    const answer = await service.verifyOtp({ phone, otp: owner.code, challengeId: owner.challengeId });
    expect(outcomes([answer])).toEqual(["OK"]);
  });

  it("never lock the owner out: without a challenge id on either side, from other addresses", async () => {
    const phone = freshPhone();
    const home = { "CF-Connecting-IP": freshAddress() };
    const { code } = await sendTo(phone, home);
    const guesses = Array.from({ length: 50 }, (_, index) => wrongGuess(code, index + 1));
    const answers = await Promise.all(
      guesses.map((otp) => service.verifyOtp({ phone, otp }, { "CF-Connecting-IP": freshAddress() })),
    );
    expect([count(answers, "OTP_INVALID"), count(answers, "OTP_MAX_ATTEMPTS")]).toEqual([5, 45]);
    expect(outcomes([await service.verifyOtp({ phone, otp: code }, home)])).toEqual(["OK"]);
  });
});

describe("twelve sends with one Idempotency-Key", () => {
  it("send one SMS, and every one of them that is answered has the same challenge", async () => {
    const phone = freshPhone();
    const send = () => service.sendOtp({ phone }, { "Idempotency-Key": "twelve" });
    const answers = await Promise.all(Array.from({ length: 12 }, send));
    expect(service.sent.filter(({ to }) => to === `+91${phone}`).length).toBe(1);
    expect(count(answers, "OK") + count(answers, "REQUEST_IN_PROGRESS")).toBe(12);
    expect(count(answers, "OK")).toBeGreaterThanOrEqual(1);
    const challenges = answers.flatMap(({ body }) => (body.success ? [body.data?.["challengeId"]] : []));
    challenges.push((await send()).body.data?.["challengeId"]);
    expect(new Set(challenges).size).toBe(1);
  });
});

describe("sends at once", () => {
  it("agree on one code, whatever was used before", async () => {
    const phone = freshPhone();
    const { challengeId, code } = await sendTo(phone);
    await service.verifyOtp({ phone, otp: code, challengeId });
    const sent = await Promise.all(Array.from({ length: 8 }, () => service.sendOtp({ phone })));
    const texts = service.sent.filter(({ to }) => to === `+91${phone}`).slice(1);
    const codes = new Set(texts.map(({ text }) => /\d{6}/.exec(text)?.[0]));
    expect([texts.length, codes.size]).toEqual([8, 1]);
    const verified = await service.verifyOtp({
      phone,
      otp: service.codeFor(phone),
      challengeId: sent[3]?.body.data?.["challengeId"],
    });
    expect(outcomes([verified])).toEqual(["OK"]);
  });
});
