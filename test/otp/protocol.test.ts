import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Protocol } from "../harness/protocol.ts";
import { challengeIdOf, createProtocol, verdictOf } from "../harness/protocol.ts";
import { wrongGuess } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
let protocol: Protocol;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
beforeEach(async () => {
  upstreams.store.reset();
  protocol = await createProtocol(upstreams);
});
afterAll(() => upstreams.close());

const second = 1000;
const minute = 60 * second;
const owner = "203.0.113.1";
const stranger = "198.51.100.9";

function lastCode(): string {
  const code = protocol.tried.at(-1)?.code;
  if (code === undefined) throw new Error("no SMS yet");
  return code;
}

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

describe("a code", () => {
  it("is good to its last millisecond and not after", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const issuedAt = protocol.clock.now;
    protocol.clock.now = issuedAt + 5 * minute;
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("expired");
    expect(verdictOf(await protocol.verify(lastCode()))).toBe("expired");
    protocol.clock.now = issuedAt + 5 * minute - 1;
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("verified");
  });

  it("is used once: another attempt with it is refused", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("verified");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("used");
    expect(verdictOf(await protocol.verify(lastCode()))).toBe("used");
    expect(verdictOf(await protocol.verify(wrongGuess(lastCode()), { challengeId }))).toBe("used");
  });

  it("of one role is nothing in another", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const code = lastCode();
    expect(verdictOf(await protocol.verify(code, { challengeId, role: "transporter" }))).toBe("forged");
    expect(verdictOf(await protocol.verify(code, { role: "transporter" }))).toBe("no_code");
  });
});

describe("wrong guesses", () => {
  it("cost one each, the same wrong code twice costs one, and after the budget the right code is refused too", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const remaining = async (offset: number) => {
      const result = await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
      return !result.ok && "attemptsRemaining" in result.refusal
        ? result.refusal.attemptsRemaining
        : verdictOf(result);
    };
    expect([
      await remaining(1),
      await remaining(1),
      await remaining(2),
      await remaining(3),
      await remaining(4),
    ]).toEqual([4, 4, 3, 2, 1]);
    expect([await remaining(5), await remaining(6), await remaining(7)]).toEqual([
      0,
      "out_of_guesses",
      "out_of_guesses",
    ]);
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("out_of_guesses");
  });

  it("of others without an id never lock out whoever asked from his address without an id", async () => {
    await protocol.send({ from: owner });
    for (let index = 1; index <= 9; index += 1) {
      await protocol.verify(wrongGuess(lastCode(), index), { from: `192.0.2.${index}` });
    }
    expect(verdictOf(await protocol.verify(lastCode(), { from: "192.0.2.77" }))).toBe("out_of_guesses");
    expect(verdictOf(await protocol.verify(lastCode(), { from: owner }))).toBe("verified");
  });

  it("from an address that asked for an earlier code share the guesses of all others", async () => {
    await protocol.send({ from: stranger });
    protocol.clock.now += 151 * second;
    await protocol.send({ from: owner });
    for (let index = 1; index <= 5; index += 1)
      await protocol.verify(wrongGuess(lastCode(), index), { from: "192.0.2.5" });
    expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), 6), { from: stranger }))).toBe(
      "out_of_guesses",
    );
  });

  it("beyond the budget cost no store request for a while", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let index = 1; index <= 6; index += 1)
      await protocol.verify(wrongGuess(lastCode(), index), { challengeId });
    const before = upstreams.store.exchanges.length;
    expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), 7), { challengeId }))).toBe(
      "out_of_guesses",
    );
    expect(upstreams.store.exchanges.length).toBe(before);
    protocol.clock.now += 31 * second;
    expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), 8), { challengeId }))).toBe(
      "out_of_guesses",
    );
    expect(upstreams.store.exchanges.length).toBe(before + 1);
  });
});

describe("a challenge id that is forged, foreign or expired", () => {
  it("costs no store request", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const before = upstreams.store.exchanges.length;
    const forged = challengeId.slice(0, -1) + (challengeId.endsWith("A") ? "B" : "A");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: forged }))).toBe("forged");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId, role: "transporter" }))).toBe("forged");
    protocol.clock.now += 5 * minute;
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("expired");
    expect(upstreams.store.exchanges.length).toBe(before);
  });
});

describe("the limits of a subject", () => {
  it("allow five sends an hour, and the sixth when the first is an hour old", async () => {
    const started = protocol.clock.now;
    for (let index = 0; index < 5; index += 1) {
      expect((await protocol.send()).ok).toBe(true);
      protocol.clock.now += minute;
    }
    expect(await protocol.send()).toMatchObject({
      refusal: { reason: "over_limit", longest: { limit: "sendsPerHour", waitMs: 55 * minute } },
    });
    protocol.clock.now = started + 60 * minute - 1;
    expect((await protocol.send()).ok).toBe(false);
    protocol.clock.now = started + 60 * minute;
    expect((await protocol.send()).ok).toBe(true);
  });

  it("tell after the last send of an hour how long the next one takes", async () => {
    for (let index = 0; index < 4; index += 1) {
      expect(await protocol.send()).toMatchObject({ resendInSeconds: 30 });
      protocol.clock.now += minute;
    }
    expect(await protocol.send()).toMatchObject({ ok: true, resendInSeconds: 56 * 60 });
  });

  it("allow ten sends a day", async () => {
    for (let index = 0; index < 10; index += 1) {
      expect((await protocol.send()).ok).toBe(true);
      protocol.clock.now += 20 * minute;
    }
    expect(await protocol.send()).toMatchObject({ refusal: { longest: { limit: "sendsPerDay" } } });
  });

  it("count a refused or failed send as if it had never been", async () => {
    protocol.smsOutcomes.push("rejected", "unavailable");
    expect(await protocol.send()).toMatchObject({ refusal: { reason: "sms_rejected" } });
    expect(await protocol.send()).toMatchObject({ refusal: { reason: "sms_unavailable" } });
    expect((await protocol.send()).ok).toBe(true);
    expect(await protocol.send()).toMatchObject({ refusal: { longest: { limit: "resendAfterSeconds" } } });
    protocol.clock.now += 30 * second;
    expect((await protocol.send()).ok).toBe(true);
  });

  it("keep a send whose SMS may be on its way, and its code", async () => {
    protocol.smsOutcomes.push("unknown");
    const sent = await protocol.send();
    expect(sent).toMatchObject({ ok: true, delivery: "unconfirmed" });
    expect((await protocol.send()).ok).toBe(false);
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: challengeIdOf(sent) }))).toBe(
      "verified",
    );
  });
});

describe("the budgets", () => {
  it("of an address, a country and a day refuse by name, and count back what they refused", async () => {
    const policies = [
      [{ sendsPerHourPerIp: 1 }, "sendsPerHourPerIp"],
      [{ smsPerDayPerCountry: { IN: 0 } }, "smsPerDayPerCountry"],
      [{ smsPerDay: 0 }, "smsPerDay"],
    ] as const;
    for (const [policy, limit] of policies) {
      const from = `192.0.2.${limit.length}`;
      const limited = await createProtocol(upstreams, { ...policy, resendAfterSeconds: 0 });
      if (limit === "sendsPerHourPerIp") expect((await limited.send({ from })).ok).toBe(true);
      for (let index = 0; index < 3; index += 1) {
        expect(await limited.send({ from })).toMatchObject({ refusal: { longest: { limit } } });
      }
      expect(limited.tried.length).toBe(limit === "sendsPerHourPerIp" ? 1 : 0);
    }
  });

  it("of verifies without a challenge id refuse by name", async () => {
    const limited = await createProtocol(upstreams, { verifiesPerHourPerIp: 2 });
    const from = "192.0.2.150";
    await limited.send({ from });
    await limited.verify("000000", { from });
    await limited.verify("000001", { from });
    expect(await limited.verify("000002", { from })).toMatchObject({
      refusal: { reason: "over_limit", longest: { limit: "verifiesPerHourPerIp" } },
    });
  });
});

describe("an Idempotency-Key on send", () => {
  it("gives the same answer again, with one SMS and one place in the limits", async () => {
    const first = await protocol.send({ key: "k" });
    protocol.clock.now += 5 * second;
    const again = await protocol.send({ key: "k", from: stranger });
    expect(again).toEqual({
      ...first,
      expiresInSeconds: 295,
      resendInSeconds: 25,
      standings: expect.any(Array) as object,
    });
    expect(protocol.tried.length).toBe(1);
  });

  it("gives the same answer again after another send has replaced the code", async () => {
    const first = challengeIdOf(await protocol.send({ key: "k" }));
    protocol.clock.now += 160 * second;
    await protocol.send();
    expect(challengeIdOf(await protocol.send({ key: "k" }))).toBe(first);
  });

  it("is free again after a refusal or a failure", async () => {
    protocol.smsOutcomes.push("unavailable");
    expect((await protocol.send({ key: "k" })).ok).toBe(false);
    expect((await protocol.send({ key: "k" })).ok).toBe(true);
    expect(await protocol.send({ key: "l" })).toMatchObject({ refusal: { reason: "over_limit" } });
    protocol.clock.now += 30 * second;
    expect((await protocol.send({ key: "l" })).ok).toBe(true);
  });

  it("does not lift the limits of its subject, however old the key is", async () => {
    // Without its claims in the store, as after their TTL.
    const forget = async () => {
      const found = await upstreams.backend.single(["KEYS", "sent:*"]);
      const names = "result" in found && Array.isArray(found.result) ? found.result.map(String) : [];
      for (const name of names) await upstreams.backend.single(["DEL", name]);
    };
    let sent = 0;
    for (let index = 0; index < 12; index += 1) {
      if ((await protocol.send({ key: `k${index % 3}` })).ok) sent += 1;
      await forget();
      protocol.clock.now += 4 * minute;
    }
    expect([sent, protocol.tried.length]).toEqual([5, 5]);
  });

  it("sends anew once its code is out of time, within the limits of its subject", async () => {
    const first = challengeIdOf(await protocol.send({ key: "k" }));
    protocol.clock.now += 5 * minute;
    const anew = await protocol.send({ key: "k" });
    expect(challengeIdOf(anew)).not.toBe(first);
    expect(protocol.tried.length).toBe(2);
    for (let index = 0; index < 3; index += 1) {
      protocol.clock.now += 5 * minute;
      await protocol.send({ key: "k" });
    }
    protocol.clock.now += 5 * minute;
    expect(await protocol.send({ key: "k" })).toMatchObject({
      refusal: { longest: { limit: "sendsPerHour" } },
    });
  });

  it("leaves no trace of an execution that failed, was refused or was never heard of", async () => {
    protocol.smsOutcomes.push("unavailable");
    await protocol.send({ key: "k" });
    upstreams.store.plan(({ body }) => (body.includes('"after:') ? "drop_after" : "pass"));
    await expect(protocol.send({ key: "k" })).rejects.toMatchObject({ name: "StoreUnavailable" });
    upstreams.store.plan((_, index) => (index < 2 ? "drop_after" : "pass"));
    await expect(protocol.send({ key: "l" })).rejects.toMatchObject({ name: "StoreUnavailable" });
    upstreams.store.plan(() => "pass");
    expect((await protocol.send()).ok).toBe(true);
    expect(protocol.tried.length).toBe(2);
  });

  it("is free at once after an execution that sent nothing and could not tell the store so", async () => {
    // Both tries are executed and their replies lost, and then nothing arrives any more.
    upstreams.store.plan((_, index) => (index < 2 ? "drop_after" : "drop_before"));
    await expect(protocol.send({ key: "k" })).rejects.toMatchObject({ name: "StoreUnavailable" });
    upstreams.store.plan(() => "pass");
    expect((await protocol.send({ key: "k" })).ok).toBe(true);
    expect((await protocol.send({ key: "k" })).ok).toBe(true);
    expect(protocol.tried.length).toBe(1);
  });

  it("answers 409 while it runs, and is taken over from an invocation that died", async () => {
    const inSms = Promise.withResolvers<void>();
    const died = Promise.withResolvers<void>();
    protocol.beforeSms = () => {
      inSms.resolve();
      return died.promise;
    };
    const dying = protocol.send({ key: "k" });
    await inSms.promise;
    protocol.beforeSms = () => Promise.resolve();
    expect(await protocol.send({ key: "k" })).toMatchObject({ refusal: { reason: "in_progress" } });
    protocol.clock.now += 16_001;
    // It may have sent before it died, so its successor waits as long as any other.
    expect(await protocol.send({ key: "k" })).toMatchObject({
      refusal: { reason: "over_limit", longest: { limit: "resendAfterSeconds", waitMs: 13_999 } },
    });
    protocol.clock.now += 13_999;
    const successors = await Promise.all([
      protocol.send({ key: "k" }),
      protocol.send({ key: "k" }),
      protocol.send({ key: "k" }),
    ]);
    expect(successors.filter(({ ok }) => ok).length).toBeGreaterThan(0);
    expect(protocol.tried.length).toBe(1);
    died.resolve();
    await dying;
  });
});

describe("an Idempotency-Key on verify", () => {
  it("gives the winner its answer again, and nobody else", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const first = await protocol.verify(lastCode(), { challengeId, key: "k" });
    expect(first).toMatchObject({ ok: true, isFirstSignIn: true });
    expect(await protocol.verify(lastCode(), { challengeId, key: "k" })).toEqual(first);
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId, key: "l" }))).toBe("used");
    expect(verdictOf(await protocol.verify(lastCode(), { key: "k", from: stranger }))).toBe("used");
  });

  it("gives the winner its answer again, however many wrong guesses came after it", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let offset = 1; offset <= 4; offset += 1)
      await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
    const mine = { challengeId, key: "mine" };
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
    for (let offset = 5; offset <= 12; offset += 1)
      expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), offset), { challengeId }))).toBe("used");
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
  });

  it("gives no answer to who had no guesses left, whatever is guessed after it", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let offset = 1; offset <= 5; offset += 1)
      await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
    const late = { challengeId, key: "late" };
    expect(verdictOf(await protocol.verify(lastCode(), late))).toBe("out_of_guesses");
    // Beyond what an isolate remembers.
    protocol.clock.now += 31 * second;
    for (const offset of [1, 5, 6, 7]) await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
    protocol.clock.now += 31 * second;
    expect(verdictOf(await protocol.verify(lastCode(), late))).toBe("out_of_guesses");
  });

  it("gives the winner its answer again although the win came between a send's reading and its replacing", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const code = lastCode();
    protocol.clock.now += 160 * second;
    const held = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    upstreams.store.plan(({ body }) => {
      if (!body.includes('"next:')) return "pass";
      held.resolve();
      return { after: gate.promise };
    });
    const sending = protocol.send({ from: stranger });
    await held.promise;
    upstreams.store.plan(() => "pass");
    const first = await protocol.verify(code, { challengeId, key: "k" });
    expect(verdictOf(first)).toBe("verified");
    gate.resolve();
    await sending;
    expect(await protocol.verify(code, { challengeId, key: "k" })).toEqual(first);
    expect(verdictOf(await protocol.verify(code, { challengeId }))).toBe("replaced");
  });

  it("gives the winner its answer again after another send has replaced the used code", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    const code = lastCode();
    const first = await protocol.verify(code, { challengeId, key: "k" });
    protocol.clock.now += 30 * second;
    await protocol.send({ from: stranger });
    expect(lastCode()).not.toBe(code);
    expect(await protocol.verify(code, { challengeId, key: "k" })).toEqual(first);
    expect(verdictOf(await protocol.verify(code, { challengeId, key: "l" }))).toBe("replaced");
  });

  it("gives the winner its answer again without a challenge id too, after another send has replaced the used code", async () => {
    await protocol.send();
    const code = lastCode();
    const first = await protocol.verify(code, { key: "k" });
    expect(verdictOf(first)).toBe("verified");
    protocol.clock.now += 30 * second;
    await protocol.send({ from: stranger });
    expect(await protocol.verify(code, { key: "k" })).toEqual(first);
    // The phone has gone from Wi-Fi to the mobile network meanwhile.
    expect(await protocol.verify(code, { key: "k", from: "192.0.2.61" })).toEqual(first);
    expect(verdictOf(await protocol.verify(code, { key: "l" }))).toBe("replaced");
    expect(verdictOf(await protocol.verify(code))).toBe("replaced");
  });

  it("does not turn a refusal into a success", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let index = 1; index <= 5; index += 1)
      await protocol.verify(wrongGuess(lastCode(), index), { challengeId });
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId, key: "k" }))).toBe("out_of_guesses");
    protocol.clock.now += 31 * second;
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId, key: "k" }))).toBe("out_of_guesses");
  });
});

describe("the first sign-in", () => {
  it("is told once, by the guess that was verified", async () => {
    const first = challengeIdOf(await protocol.send());
    for (let index = 1; index <= 5; index += 1)
      await protocol.verify(wrongGuess(lastCode(), index), { challengeId: first });
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: first }))).toBe("out_of_guesses");
    protocol.clock.now += 30 * second;
    const second_ = challengeIdOf(await protocol.send());
    expect(await protocol.verify(lastCode(), { challengeId: second_ })).toMatchObject({
      ok: true,
      isFirstSignIn: true,
    });
    protocol.clock.now += 30 * second;
    const third = challengeIdOf(await protocol.send());
    expect(await protocol.verify(lastCode(), { challengeId: third })).toMatchObject({
      ok: true,
      isFirstSignIn: false,
    });
  });
});

describe("many sign-ins", () => {
  it("leave the first and the last of them in the store", async () => {
    protocol = await createProtocol(upstreams, {
      resendAfterSeconds: 0,
      sendsPerHour: 1000,
      sendsPerDay: 1000,
    });
    const subject = await protocol.identity.subject("customer", `+91${protocol.phone}`);
    const kept = () => upstreams.backend.single(["ZCARD", `user:${subject}`]);
    const signIn = async () => {
      protocol.clock.now += second;
      const challengeId = challengeIdOf(await protocol.send());
      return protocol.verify(lastCode(), { challengeId });
    };
    for (let index = 0; index < 39; index += 1) await signIn();
    expect(await kept()).toEqual({ result: 39 });
    expect(await signIn()).toMatchObject({ ok: true, isFirstSignIn: false });
    expect(await kept()).toEqual({ result: 20 });
  });
});

describe("a transaction whose reply is lost", () => {
  it("is sent again once with the same ids, and the caller gets the first answer", async () => {
    upstreams.store.plan((_, index) => (index === 0 ? "drop_after" : "pass"));
    const challengeId = challengeIdOf(await protocol.send());
    expect(protocol.tried.length).toBe(1);
    upstreams.store.plan((_, index) => (index === 0 ? "drop_after" : "pass"));
    expect(await protocol.verify(wrongGuess(lastCode()), { challengeId })).toMatchObject({
      refusal: { reason: "wrong_guess", attemptsRemaining: 4 },
    });
    upstreams.store.plan((_, index) => (index === 0 ? "drop_after" : "pass"));
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("verified");
  });

  it("lost twice is an error, sends nothing, and leaves the person free to ask again", async () => {
    const patterns = [(index: number) => index < 2, (index: number) => index < 3, () => true];
    for (const isLost of patterns) {
      upstreams.store.plan((_, index) => (isLost(index) ? "drop_after" : "pass"));
      await expect(protocol.send()).rejects.toMatchObject({ name: "StoreUnavailable" });
      upstreams.store.plan(({ body }, index) =>
        index < 2 ? "drop_after" : body.includes('"zrem"') ? "drop_before" : "pass",
      );
      await expect(protocol.send()).rejects.toMatchObject({ name: "StoreUnavailable" });
    }
    expect(protocol.tried.length).toBe(0);
    upstreams.store.plan(() => "pass");
    expect((await protocol.send()).ok).toBe(true);
  });

  it("lost twice under an Idempotency-Key leaves the key free", async () => {
    upstreams.store.plan((_, index) => (index < 2 ? "drop_after" : "pass"));
    await expect(protocol.send({ key: "k" })).rejects.toMatchObject({ name: "StoreUnavailable" });
    expect((await protocol.send({ key: "k" })).ok).toBe(true);
  });

  it("of a right guess, lost twice, is won by the same Idempotency-Key alone", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    upstreams.store.plan((_, index) => (index < 2 ? "drop_after" : "pass"));
    await expect(protocol.verify(lastCode(), { challengeId, key: "k" })).rejects.toMatchObject({
      name: "StoreUnavailable",
    });
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId }))).toBe("used");
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId, key: "k" }))).toBe("verified");
  });
});

describe("a log that is full of sends whose withdrawal never came", () => {
  it("is swept, so that the owner is not kept out", async () => {
    await protocol.send();
    upstreams.store.plan(({ body }) => (body.includes('"zrem"') ? "drop_before" : "pass"));
    for (let index = 0; index < 70; index += 1)
      expect((await protocol.send({ from: stranger }).catch(() => null))?.ok ?? false).toBe(false);
    upstreams.store.plan(() => "pass");
    protocol.clock.now += 31 * second;
    await expect(protocol.send()).rejects.toMatchObject({ name: "StoreUnavailable" });
    expect((await protocol.send()).ok).toBe(true);
  });

  it("is swept of what is past too, and of nothing that a limit still looks at", async () => {
    const key = `log:${await protocol.identity.phoneId(`+91${protocol.phone}`)}`;
    const logged = () => upstreams.backend.single(["ZCARD", key]);
    await protocol.send();
    protocol.clock.now += 86_400 * second + 300 * second - 1;
    await protocol.send();
    expect(await logged()).toEqual({ result: 2 });
    protocol.clock.now += 31 * second;
    await protocol.send();
    expect(await logged()).toEqual({ result: 2 });
  });
});

describe("guesses without a challenge id", () => {
  it("are there anew for whoever asks again, also where the SMS brings the same code", async () => {
    await protocol.send();
    const code = lastCode();
    for (let offset = 1; offset <= 5; offset += 1)
      expect(verdictOf(await protocol.verify(wrongGuess(code, offset)))).toBe("wrong_guess");
    expect(verdictOf(await protocol.verify(wrongGuess(code, 6)))).toBe("out_of_guesses");
    protocol.clock.now += 31 * second;
    await protocol.send({ from: stranger });
    expect(verdictOf(await protocol.verify(wrongGuess(code, 6)))).toBe("out_of_guesses");
    await protocol.send();
    protocol.clock.now += 31 * second;
    await protocol.send();
    expect(lastCode()).toBe(code);
    expect(await protocol.verify(wrongGuess(code, 7))).toMatchObject({ refusal: { attemptsRemaining: 4 } });
    expect(verdictOf(await protocol.verify(code))).toBe("verified");
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

describe("a send that SNS refuses", () => {
  it("costs the person nothing, and stays counted at its address", async () => {
    protocol = await createProtocol(upstreams, { sendsPerHourPerIp: 3 });
    protocol.smsOutcomes.push(...Array<"rejected">(4).fill("rejected"));
    for (let index = 0; index < 3; index += 1)
      expect(await protocol.send({ from: "192.0.2.200" })).toMatchObject({
        refusal: { reason: "sms_rejected" },
      });
    const longest = { limit: "sendsPerHourPerIp" };
    expect(await protocol.send({ from: "192.0.2.200" })).toMatchObject({ refusal: { longest } });
    expect(protocol.tried).toHaveLength(3);
    protocol.smsOutcomes.length = 0;
    expect((await protocol.send({ from: "192.0.2.201" })).ok).toBe(true);
  });
});

describe("a chain of codes", () => {
  it("does not grow for ever where somebody asks again and again, and its last code lets its owner in", async () => {
    protocol = await createProtocol(upstreams, { sendsPerHour: 1000, sendsPerDay: 1000 });
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
