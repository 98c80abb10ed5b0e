import type { AttemptId, Nonce } from "../ids.ts";
import type { ClaimedGuess } from "../store/guess-port.ts";
import { isReplaced } from "./chain.ts";

export interface JudgedGuess {
  readonly isRight: boolean;
  readonly attempt: AttemptId;
  readonly nonce: Nonce;
  /** `guessesPerChallenge` */
  readonly budget: number;
  /** Whether the day has a place for guesses without a challenge id; true with one. */
  readonly isWithinDay: boolean;
}

export type GuessRefusal =
  | { readonly reason: "no_code" | "replaced" | "out_of_guesses" | "used" }
  | { readonly reason: "wrong_guess"; readonly attemptsRemaining: number };

export type Verdict =
  | { readonly ok: true; readonly isFirstSignIn: boolean }
  | { readonly ok: false; readonly refusal: GuessRefusal };

/**
 * Every way in which the store's answer to a guess can refuse it, in the order in which they are judged: replaced,
 * out of guesses, used, so that an exhausted caller never learns that a guess was right. Pure.
 *
 * An attempt that holds the code won it before anything replaced it, so its repeat gets the same answer ever after.
 */
export function judgeGuess(guess: JudgedGuess, claimed: ClaimedGuess): Verdict {
  const { isRight, attempt, nonce, budget, isWithinDay } = guess;
  const winner = claimed.chain.winners.get(nonce) ?? null;
  const isMine = isRight && winner === attempt;
  // A wrong guess is among those counted, a right one is not.
  const spent = isRight ? claimed.wrongGuesses : claimed.wrongGuesses - 1;

  if (!isKnown(claimed, nonce)) return refuse({ reason: "no_code" });
  if (isReplaced(claimed.chain, nonce) && !isMine) return refuse({ reason: "replaced" });
  // What was refused once for that stays refused.
  const wasRefused = isMine && claimed.session.ended === "refused";
  if (spent >= budget || !isWithinDay || wasRefused) return refuse({ reason: "out_of_guesses" });
  if (isRight ? !isMine : winner !== null) return refuse({ reason: "used" });
  if (!isRight) return refuse({ reason: "wrong_guess", attemptsRemaining: budget - claimed.wrongGuesses });
  return { ok: true, isFirstSignIn: claimed.isFirstSignIn };
}

function isKnown({ chain }: ClaimedGuess, nonce: Nonce): boolean {
  return chain.codes.some((code) => code.nonce === nonce);
}

function refuse(refusal: GuessRefusal): Verdict {
  return { ok: false, refusal };
}
