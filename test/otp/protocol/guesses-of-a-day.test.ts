import { describe, expect, it, vi } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { minute, outcomeOfSend, playBy, protocol, upstreams, useProtocol } from "./ground.ts";

// Hundreds of guesses, which nothing waits for but a processor that others share.
vi.setConfig({ testTimeout: 120_000 });
useProtocol();

describe("guesses at one number in a day", () => {
  /** Every way there is to guess: with each challenge id, from each address that asked, and from all others. */
  async function guessAll(
    challengeIds: readonly string[],
    addresses: readonly string[],
    role: "customer" | "transporter" = "customer",
  ): Promise<number> {
    const code = protocol.tried.at(-1)?.code ?? "";
    let offset = 1;
    const guesses = challengeIds.map((challengeId) => ({ challengeId, from: "192.0.2.1" }));
    const elsewhere = ["192.0.2.2", "192.0.2.3"];
    const all = [...guesses, ...[...addresses, ...elsewhere].map((from) => ({ from }))];
    const verdicts = await Promise.all(
      all.flatMap((options) =>
        Array.from({ length: 6 }, () =>
          protocol.verify(wrongGuess(code, (offset += 1)), { ...options, role }),
        ),
      ),
    );
    return verdicts.filter((verdict) => verdictOf(verdict) === "wrong_guess").length;
  }

  it("are never more than its sends bring, whatever way and however many at once", async () => {
    await playBy({ sendsPerHour: 10 });
    let evaluated = 0;
    const addresses: string[] = [];
    for (let index = 0; index < 12; index += 1) {
      const from = `198.51.100.${index}`;
      const sent = await protocol.send({ from });
      if (sent.ok) addresses.push(from);
      evaluated += await guessAll(sent.ok ? [challengeIdOf(sent)] : [], addresses);
      protocol.clock.now += 3 * minute;
    }
    expect(evaluated).toBeGreaterThan(30);
    expect(evaluated).toBeLessThanOrEqual(50);
  });

  it("are no more in two roles", async () => {
    await playBy({ sendsPerHour: 10 });
    let evaluated = 0;
    const addresses: string[] = [];
    for (let index = 0; index < 14; index += 1) {
      const role = index % 2 === 0 ? "customer" : "transporter";
      const from = `198.51.100.${index}`;
      const sent = await protocol.send({ from, role });
      if (sent.ok) addresses.push(from);
      evaluated += await guessAll(sent.ok ? [challengeIdOf(sent)] : [], addresses.slice(-2), role);
      protocol.clock.now += 3 * minute;
    }
    expect(evaluated).toBeGreaterThan(30);
    expect(evaluated).toBeLessThanOrEqual(50);
  });

  it("at once find no more places than there are, and leave whoever asked the guesses of his own send", async () => {
    await playBy({
      sendsPerHour: 10,
      resendAfterSeconds: 0,
    });
    const addresses = Array.from({ length: 9 }, (_, index) => `198.51.100.${index}`);
    for (const from of addresses) expect(await outcomeOfSend({ from })).toBe("sent");
    const code = protocol.tried.at(-1)?.code ?? "";
    // None claims a place before all have seen that one is left.
    let arrived = 0;
    const all = Promise.withResolvers<undefined>();
    upstreams.store.plan(({ body }) => {
      if (!body.includes('"!')) return "pass";
      arrived += 1;
      if (arrived === addresses.length) all.resolve(undefined);
      return { after: all.promise };
    });
    const verdicts = await Promise.all(addresses.map((from) => protocol.verify(wrongGuess(code), { from })));
    upstreams.store.reset();
    expect(verdicts.map(verdictOf)).toEqual(Array(9).fill("wrong_guess"));
    expect(verdictOf(await protocol.verify(wrongGuess(code), { from: "192.0.2.2" }))).toBe("out_of_guesses");
    let evaluated = 9;
    for (const from of addresses) {
      for (let offset = 2; offset < 8; offset += 1) {
        const verdict = verdictOf(await protocol.verify(wrongGuess(code, offset), { from }));
        if (verdict === "wrong_guess") evaluated += 1;
      }
    }
    expect(evaluated).toBeLessThanOrEqual(50);
  });

  it("at the last place are the first's in the store, whatever the clock of another says", async () => {
    await playBy({ sendsPerHour: 10, resendAfterSeconds: 0 });
    const asker = { from: "198.51.100.1" };
    for (let index = 0; index < 9; index += 1) expect(await outcomeOfSend(asker)).toBe("sent");
    const code = protocol.tried.at(-1)?.code ?? "";
    // Strangers begin a millisecond before, and their claims arrive after.
    const claims = Promise.withResolvers<undefined>();
    const releases = Promise.withResolvers<undefined>();
    upstreams.store.plan(({ body }) => {
      if (!body.includes(".others")) return "pass";
      return { after: (/"zrem"/i.test(body) ? releases : claims).promise };
    });
    const verdicts: string[] = [];
    const strangers = [1, 2, 3, 4, 5].map(async (offset) => {
      const verdict = await protocol.verify(wrongGuess(code, offset), { from: "203.0.113.77" });
      verdicts.push(verdictOf(verdict));
      // The one whose claim was the first of them takes it back when all others have their answers.
      if (verdicts.length === 4) releases.resolve(undefined);
    });
    protocol.clock.now += 1;
    expect(verdictOf(await protocol.verify(wrongGuess(code), asker))).toBe("wrong_guess");
    claims.resolve(undefined);
    await Promise.all(strangers);
    upstreams.store.reset();
    expect(verdicts).toEqual(Array(5).fill("out_of_guesses"));
  });

  it("are lent by no send that fails: neither in its day, nor five for each", async () => {
    await playBy({ resendAfterSeconds: 0, sendsPerHour: 20 });
    let evaluated = 0;
    let offset = 0;
    const guessFrom = async (from: string, challengeId?: string) => {
      const code = protocol.tried.at(-1)?.code ?? "000000";
      for (let guess = 0; guess < 5; guess += 1) {
        const asked = { from, ...(challengeId === undefined ? {} : { challengeId }) };
        const verdict = await protocol.verify(wrongGuess(code, (offset += 1)), asked);
        if (verdictOf(verdict) === "wrong_guess") evaluated += 1;
      }
    };
    const failing = async (outcome: "rejected" | "unavailable") => {
      const from = "203.0.113.66";
      protocol.smsOutcomes.push(outcome);
      protocol.beforeSms = () => guessFrom(from);
      await protocol.send({ from });
      protocol.beforeSms = () => Promise.resolve();
      protocol.smsOutcomes.length = 0;
    };
    for (let index = 0; index < 10; index += 1) await failing("rejected");
    expect(evaluated).toBe(5);
    for (let index = 0; index < 8; index += 1) {
      const from = `198.51.100.${index}`;
      await guessFrom(from, challengeIdOf(await protocol.send({ from })));
      protocol.clock.now += 10_000;
    }
    for (let index = 0; index < 10; index += 1) await failing("unavailable");
    await guessFrom("192.0.2.2");
    expect(evaluated).toBeGreaterThan(40);
    expect(evaluated).toBeLessThanOrEqual(50);
  });

  it("use up no day by sends that fail", async () => {
    const stranger = "203.0.113.66";
    protocol.beforeSms = async () => {
      await protocol.verify("000000", { from: stranger });
    };
    for (let index = 0; index < 9; index += 1) {
      protocol.smsOutcomes.push("unavailable");
      await protocol.send({ from: stranger });
    }
    protocol.beforeSms = () => Promise.resolve();
    expect(await outcomeOfSend()).toBe("sent");
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sent");
  });

  it("are no concern of the winner, who repeats without a challenge id when the day is used up", async () => {
    await playBy({ sendsPerDay: 2, resendAfterSeconds: 0 });
    await outcomeOfSend();
    const code = protocol.tried.at(-1)?.code ?? "";
    const from = "192.0.2.77";
    expect(verdictOf(await protocol.verify(code, { from, key: "mine" }))).toBe("verified");
    await outcomeOfSend({ from: "198.51.100.1" });
    expect(await outcomeOfSend({ from: "198.51.100.1" })).toBe("sendsPerDay");
    expect(verdictOf(await protocol.verify(code, { from, key: "mine" }))).toBe("verified");
    expect(verdictOf(await protocol.verify(code, { from, key: "another" }))).not.toBe("verified");
  });

  it("leave whoever asked last, without a challenge id, the guesses of his own send", async () => {
    await playBy({ sendsPerHour: 10 });
    for (let index = 0; index < 9; index += 1) {
      await outcomeOfSend({ from: "198.51.100.1" });
      protocol.clock.now += minute;
    }
    expect(await outcomeOfSend({ from: "203.0.113.7" })).toBe("sent");
    const code = protocol.tried.at(-1)?.code ?? "";
    expect(verdictOf(await protocol.verify(wrongGuess(code), { from: "192.0.2.2" }))).toBe("out_of_guesses");
    expect(verdictOf(await protocol.verify(wrongGuess(code), { from: "203.0.113.7" }))).toBe("wrong_guess");
    expect(verdictOf(await protocol.verify(code, { from: "203.0.113.7" }))).toBe("verified");
  });

  it("take a place once for each code and holder, and only when they are wrong", async () => {
    await playBy({ sendsPerDay: 3 });
    await outcomeOfSend();
    const code = protocol.tried.at(-1)?.code ?? "";
    for (let offset = 1; offset < 4; offset += 1) await protocol.verify(wrongGuess(code, offset));
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sent");
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    await playBy({ sendsPerDay: 2 });
    await outcomeOfSend();
    expect(verdictOf(await protocol.verify(protocol.tried.at(-1)?.code ?? ""))).toBe("verified");
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sent");
  });
});
