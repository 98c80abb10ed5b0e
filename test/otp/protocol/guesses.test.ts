import { describe, expect, it } from "vitest";
import { challengeIdOf, verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, minute, owner, protocol, second, stranger, upstreams, useProtocol } from "./ground.ts";

useProtocol();

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
    // A send that may yet fail lends nobody anything.
    expect(verdictOf(await protocol.verify(wrongGuess(code, 7)))).toBe("out_of_guesses");
    protocol.clock.now += 5 * second;
    expect(await protocol.verify(wrongGuess(code, 7))).toMatchObject({ refusal: { attemptsRemaining: 4 } });
    expect(verdictOf(await protocol.verify(code))).toBe("verified");
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
