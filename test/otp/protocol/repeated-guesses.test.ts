import { describe, expect, it } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, playBy, protocol, second, stranger, upstreams, useProtocol } from "./ground.ts";

useProtocol();

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

  it.each(["pass", "drop_before"] as const)(
    "gives no answer to who had no guesses left, whatever is guessed after it (undoing: %s)",
    async (undoing) => {
      const challengeId = challengeIdOf(await protocol.send());
      for (let offset = 1; offset <= 5; offset += 1)
        await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
      const late = { challengeId, key: "late" };
      upstreams.store.plan(({ body }) => (body.includes('"refused"') ? undoing : "pass"));
      expect(verdictOf(await protocol.verify(lastCode(), late))).toBe("out_of_guesses");
      // Beyond what an isolate remembers.
      protocol.clock.now += 31 * second;
      for (const offset of [1, 5, 6, 7])
        await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
      protocol.clock.now += 31 * second;
      expect(verdictOf(await protocol.verify(lastCode(), late))).toBe("out_of_guesses");
    },
  );

  it("gives the winner its answer again, also where wrong guesses came after it at once", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let offset = 1; offset <= 4; offset += 1)
      await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
    const mine = { challengeId, key: "mine" };
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
    // Both stand in the count before one of them is taken back.
    let claims = 0;
    const both = Promise.withResolvers<undefined>();
    upstreams.store.plan(({ body }) => {
      if (/"zadd","guess:/.test(body) && (claims += 1) === 2) both.resolve(undefined);
      return /"zrem","guess:/.test(body) ? { after: both.promise } : "pass";
    });
    const late = [5, 6].map((offset) => protocol.verify(wrongGuess(lastCode(), offset), { challengeId }));
    expect((await Promise.all(late)).map(verdictOf).toSorted()).toEqual(["out_of_guesses", "used"]);
    upstreams.store.reset();
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
  });

  it.each(["pass", "drop_before"] as const)(
    "gives none to who had no guesses left, also where late ones push earlier ones out of the count (undoing: %s)",
    async (undoing) => {
      const challengeId = challengeIdOf(await protocol.send());
      const code = lastCode();
      const { phone } = protocol;
      const begin = protocol.clock.now;
      protocol.clock.now = begin + second;
      for (let offset = 1; offset <= 6; offset += 1)
        await protocol.verify(wrongGuess(code, offset), { challengeId });
      protocol.clock.now = begin + 40 * second;
      const late = { challengeId, key: "late" };
      upstreams.store.plan(({ body }) => (body.includes('"refused"') ? undoing : "pass"));
      expect(verdictOf(await protocol.verify(code, late))).toBe("out_of_guesses");
      // Of another isolate, begun before those, and all in the count before one is taken back.
      await playBy({});
      protocol.phone = phone;
      protocol.clock.now = begin;
      let claims = 0;
      const all = Promise.withResolvers<undefined>();
      upstreams.store.plan(({ body }) => {
        if (/"zadd","guess:/.test(body) && (claims += 1) === 4) all.resolve(undefined);
        return /"zrem","guess:/.test(body) ? { after: all.promise } : "pass";
      });
      await Promise.all(
        [7, 8, 9, 10].map((offset) => protocol.verify(wrongGuess(code, offset), { challengeId })),
      );
      upstreams.store.reset();
      await playBy({});
      protocol.phone = phone;
      protocol.clock.now = begin + 80 * second;
      expect(verdictOf(await protocol.verify(code, late))).toBe("out_of_guesses");
    },
  );

  it("costs the store no more for guesses behind a win than for those of who has none left", async () => {
    const challengeId = challengeIdOf(await protocol.send());
    for (let offset = 1; offset <= 4; offset += 1)
      await protocol.verify(wrongGuess(lastCode(), offset), { challengeId });
    const mine = { challengeId, key: "mine" };
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
    const before = upstreams.store.exchanges.length;
    for (let offset = 5; offset <= 40; offset += 1)
      expect(verdictOf(await protocol.verify(wrongGuess(lastCode(), offset), { challengeId }))).toBe("used");
    expect(upstreams.store.exchanges.length - before).toBeLessThanOrEqual(2);
    expect(verdictOf(await protocol.verify(lastCode(), mine))).toBe("verified");
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
