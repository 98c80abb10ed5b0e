import type { Policy } from "../config/policy.ts";
import { tagOf } from "../ids.ts";
import { hasPlace } from "../limits/guess-place.ts";
import type { ClaimedGuess, Guess, GuessStore } from "../store/guess-port.ts";
import { ignoreUnavailable } from "../store/port.ts";
import type { Verdict } from "./judge.ts";
import { judgeGuess } from "./judge.ts";

export interface EvaluatedGuess {
  readonly holder: Guess["holder"];
  readonly claimed: ClaimedGuess;
  readonly verdict: Verdict;
  /** Whether it was refused because others have taken the day's last place. */
  readonly isOvertaken: boolean;
  /** Whether it is wrong and came behind the winner, where it would have used the guesses up. */
  readonly isBehindWinner: boolean;
}

/** A guess of one holder, claimed in the store and judged by what that says. Throws `StoreUnavailable`. */
export async function evaluateGuess(
  guess: Guess,
  { store, policy }: { readonly store: GuessStore; readonly policy: Policy },
): Promise<EvaluatedGuess> {
  const { subject, nonce, holder, place, now } = guess;
  const claimed = await store.claimGuess(guess);
  const { chain, log } = claimed;
  const isWithinDay = place === null || hasPlace(log, { place, of: tagOf(subject) }, { now, policy });
  const budget = policy.guessesPerChallenge;
  const verdict = judgeGuess({ ...guess, budget, isWithinDay }, claimed);
  const refusal = verdict.ok ? null : verdict.refusal.reason;
  const isOvertaken = refusal === "out_of_guesses" && !isWithinDay;
  // Where the set has been trimmed nothing is taken out of it, since what was trimmed may have been there before.
  const isLoose = claimed.isNewGuess && claimed.wrongGuesses <= budget + 1;
  // About to use the guesses up, it must not stand against a repeat of the winner's.
  const isBehindWinner = isLoose && chain.winners.has(nonce) && claimed.wrongGuesses >= budget;
  // What was not evaluated costs nobody anything. But what has overtaken a place may be gone in a moment, and another guess
  // of the same holder's be evaluated in it.
  const isInVain = claimed.isNewPlace && refusal !== null && refusal !== "wrong_guess";
  if (isOvertaken && !guess.isRight)
    await store.releaseOvertaken(guess, { digest: isLoose }).catch(ignoreUnavailable);
  else if (isBehindWinner || isInVain)
    await store.releaseGuess(guess, { digest: isBehindWinner, place: isInVain }).catch(ignoreUnavailable);
  return { holder, claimed, verdict, isOvertaken, isBehindWinner };
}
