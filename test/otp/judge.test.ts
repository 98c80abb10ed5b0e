import type { CodeChain } from "../../src/store/code-chain.ts";
import type { AttemptId, Nonce } from "../../src/ids.ts";
import { describe, expect, it } from "vitest";
import { judgeGuess } from "../../src/otp/judge.ts";

const first = "first nonce" as Nonce;
const second = "second nonce" as Nonce;
const mine = "my attempt" as AttemptId;
const other = "another attempt" as AttemptId;
const budget = 5;

function chainOf({
  winner,
  replaced = false,
}: { winner?: AttemptId | "replaced"; replaced?: boolean } = {}): CodeChain {
  const codes = [{ nonce: first, issuedAt: 0 }, ...(replaced ? [{ nonce: second, issuedAt: 1 }] : [])];
  return { codes, forgotten: 0, winners: new Map(winner ? [[first, winner]] : []) };
}

const session = { record: null, profile: null, ended: null, firstUses: new Map<number, number>() };
const unsaid = {
  isFirstSignIn: false,
  isCrowded: false,
  session,
  log: [],
  isNewPlace: false,
  isNewGuess: false,
};

describe("judgeGuess", () => {
  it.each([
    ["a right guess that won", { isRight: true, winner: mine, wrong: 0 }, "verified"],
    ["a right guess with one guess left", { isRight: true, winner: mine, wrong: 4 }, "verified"],
    ["a right guess with none left", { isRight: true, winner: mine, wrong: 5 }, "out_of_guesses"],
    ["a right guess that lost the race", { isRight: true, winner: other, wrong: 0 }, "used"],
    [
      "a right guess that lost the race, with none left",
      { isRight: true, winner: other, wrong: 5 },
      "out_of_guesses",
    ],
    [
      "a right guess on a replaced code",
      { isRight: true, winner: "replaced", wrong: 0, replaced: true },
      "replaced",
    ],
    [
      "a right guess that won before the code was replaced",
      { isRight: true, winner: mine, wrong: 0, replaced: true },
      "verified",
    ],
    [
      "a right guess on a code that another won and a send replaced",
      { isRight: true, winner: other, wrong: 0, replaced: true },
      "replaced",
    ],
    [
      "a replaced code, with no guesses left",
      { isRight: true, winner: "replaced", wrong: 6, replaced: true },
      "replaced",
    ],
    ["the first wrong guess", { isRight: false, wrong: 1 }, "wrong_guess 4"],
    ["the last wrong guess", { isRight: false, wrong: 5 }, "wrong_guess 0"],
    ["one more", { isRight: false, wrong: 6 }, "out_of_guesses"],
    ["a wrong guess on a used code", { isRight: false, winner: other, wrong: 1 }, "used"],
    ["a wrong guess on a replaced code", { isRight: false, wrong: 1, replaced: true }, "replaced"],
  ] as const)("answers %s", (_, { isRight, wrong, ...chain }, expected) => {
    const claimed = { chain: chainOf(chain), wrongGuesses: wrong, ...unsaid };
    const verdict = judgeGuess({ isRight, attempt: mine, nonce: first, budget, isWithinDay: true }, claimed);
    const remaining =
      !verdict.ok && "attemptsRemaining" in verdict.refusal ? ` ${verdict.refusal.attemptsRemaining}` : "";
    expect(verdict.ok ? "verified" : verdict.refusal.reason + remaining).toBe(expected);
  });

  it.each([
    ["right", { isRight: true, winner: mine, wrong: 0 }],
    ["wrong", { isRight: false, wrong: 1 }],
  ] as const)("tells a %s guess that the day has no place for nothing", (_, { isRight, wrong, ...chain }) => {
    const claimed = { chain: chainOf(chain), wrongGuesses: wrong, ...unsaid };
    const guess = { isRight, attempt: mine, nonce: first, budget, isWithinDay: false };
    expect(judgeGuess(guess, claimed)).toEqual({ ok: false, refusal: { reason: "out_of_guesses" } });
  });

  it("refuses what was refused once, however few guesses are counted now", () => {
    const ended = { ...session, ended: "refused" as const };
    const claimed = { chain: chainOf({ winner: mine }), wrongGuesses: 4, ...unsaid, session: ended };
    const guess = { isRight: true, attempt: mine, nonce: first, budget, isWithinDay: true };
    expect(judgeGuess(guess, claimed)).toEqual({ ok: false, refusal: { reason: "out_of_guesses" } });
  });

  it("refuses what the store knows nothing of", () => {
    const chain = { codes: [], forgotten: 0, winners: new Map([[first, mine]]) };
    const claimed = { chain, wrongGuesses: 0, ...unsaid };
    expect(
      judgeGuess({ isRight: true, attempt: mine, nonce: first, budget, isWithinDay: true }, claimed),
    ).toEqual({
      ok: false,
      refusal: { reason: "no_code" },
    });
  });
});
