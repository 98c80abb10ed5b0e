import { describe, expect, it } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, minute, protocol, second, stranger, upstreams, useProtocol } from "./ground.ts";

useProtocol();

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
