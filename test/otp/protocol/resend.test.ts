import { describe, expect, it } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, owner, playBy, protocol, second, stranger, upstreams, useProtocol } from "./ground.ts";

useProtocol();

describe("a resend", () => {
  it("derives the same code while half of its life is left, and says what is left", async () => {
    await protocol.send();
    const first = lastCode();
    protocol.clock.now += 150 * second;
    expect(await protocol.send()).toMatchObject({ ok: true, expiresInSeconds: 150 });
    expect(lastCode()).toBe(first);
  });

  it("makes a new code after half of its life, and the old one is OTP_EXPIRED and costs nobody anything", async () => {
    const old = challengeIdOf(await protocol.send());
    const oldCode = lastCode();
    protocol.clock.now += 150 * second + 1;
    const live = challengeIdOf(await protocol.send());
    expect(lastCode()).not.toBe(oldCode);
    expect(verdictOf(await protocol.verify(oldCode, { challengeId: old }))).toBe("replaced");
    expect(verdictOf(await protocol.verify(wrongGuess(oldCode), { challengeId: old }))).toBe("replaced");
    expect(verdictOf(await protocol.verify(oldCode))).toBe("replaced");
    expect(await protocol.verify(wrongGuess(lastCode(), 7), { challengeId: live })).toMatchObject({
      refusal: { reason: "wrong_guess", attemptsRemaining: 4 },
    });
    expect(await protocol.verify(wrongGuess(lastCode(), 7))).toMatchObject({
      refusal: { reason: "wrong_guess", attemptsRemaining: 4 },
    });
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: live }))).toBe("verified");
  });

  it("makes a new code after the old one was used", async () => {
    const used = challengeIdOf(await protocol.send());
    const usedCode = lastCode();
    await protocol.verify(usedCode, { challengeId: used });
    protocol.clock.now += 30 * second;
    const next = challengeIdOf(await protocol.send());
    expect(verdictOf(await protocol.verify(usedCode, { challengeId: used }))).toBe("replaced");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: next }))).toBe("verified");
  });

  it("by a stranger leaves the owner's challenge as it was", async () => {
    const mine = challengeIdOf(await protocol.send());
    protocol.clock.now += 30 * second;
    const theirs = challengeIdOf(await protocol.send({ from: stranger }));
    for (let index = 1; index <= 7; index += 1) {
      await protocol.verify(wrongGuess(lastCode(), index), { challengeId: theirs, from: stranger });
    }
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: theirs, from: stranger }))).toBe(
      "out_of_guesses",
    );
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: mine }))).toBe("verified");
  });

  it("that was refused neither voids the code nor lends its address guesses", async () => {
    await protocol.send();
    expect(await protocol.send({ from: stranger })).toMatchObject({
      ok: false,
      refusal: { reason: "over_limit" },
    });
    // The stranger shares the guesses of all who did not ask, and so does everybody else.
    for (let index = 1; index <= 5; index += 1) {
      expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), index), { from: stranger }))).toBe(
        "wrong_guess",
      );
    }
    expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), 8), { from: "192.0.2.200" }))).toBe(
      "out_of_guesses",
    );
    expect(verdictOf(await protocol.verify(lastCode(), { from: owner }))).toBe("verified");
  });
});

describe("a refused send whose refund is lost", () => {
  it("lends its address no guesses", async () => {
    await protocol.send();
    protocol.clock.now += second;
    upstreams.store.plan(({ body }) => (body.includes('"zrem"') ? "drop_before" : "pass"));
    expect((await protocol.send({ from: stranger })).ok).toBe(false);
    upstreams.store.plan(() => "pass");
    for (let index = 1; index <= 5; index += 1) {
      await protocol.verify(wrongGuess(lastCode(), index), { from: stranger });
    }
    const third = await protocol.verify(wrongGuess(lastCode(), 6), { from: "192.0.2.99" });
    expect(verdictOf(third)).toBe("out_of_guesses");
    expect(verdictOf(await protocol.verify(lastCode()))).toBe("verified");
  });
});

describe("a replacing send that arrives late", () => {
  it("never brings a used code back to life, and sends a code that is good", async () => {
    await protocol.send();
    protocol.clock.now += 160 * second;
    const held = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    upstreams.store.plan(({ body }) => {
      if (!body.includes('"next:')) return "pass";
      upstreams.store.plan(() => "pass");
      held.resolve();
      return { after: gate.promise };
    });
    const late = protocol.send();
    await held.promise;
    protocol.clock.now += 30 * second;
    const prompt = challengeIdOf(await protocol.send({ from: stranger }));
    const usedCode = lastCode();
    expect(verdictOf(await protocol.verify(usedCode, { challengeId: prompt }))).toBe("verified");
    gate.resolve();
    const challengeId = challengeIdOf(await late);
    expect(verdictOf(await protocol.verify(usedCode, { challengeId: prompt }))).toBe("replaced");
    expect(verdictOf(await protocol.verify(usedCode, { challengeId }))).toBe("wrong_guess");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("verified");
  });
});

describe("the answer to a send that took long", () => {
  it("promises no second that is over", async () => {
    protocol.beforeSms = () => {
      protocol.clock.now += 4900;
      return Promise.resolve();
    };
    expect(await protocol.send()).toMatchObject({ expiresInSeconds: 296, resendInSeconds: 26 });
  });
});

describe("a chain of codes", () => {
  it("does not grow for ever where somebody asks again and again, and its last code lets its owner in", async () => {
    await playBy({ sendsPerHour: 1000, sendsPerDay: 1000 });
    const subject = await protocol.identity.subject("customer", `+91${protocol.phone}`);
    let most = 0;
    for (let index = 0; index < 60; index += 1) {
      await protocol.send({ from: stranger });
      protocol.clock.now += 290 * second;
      const length = await upstreams.backend.single(["HLEN", `otp:${subject}`]);
      most = Math.max(most, Number("result" in length ? length.result : NaN));
    }
    protocol.clock.now += 11 * second;
    const challengeId = challengeIdOf(await protocol.send());
    expect(most).toBeLessThan(40);
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("verified");
  });
});
