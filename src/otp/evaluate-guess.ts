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
  const isEvaluated = refusal === null || refusal === "wrong_guess";
  // What was not evaluated costs nobody anything, and whoever comes to this place after it will not be either. What came
  // after the winner, and would use the budget up, must not stand against a repeat of his.
  const claims = {
    place: !isEvaluated && claimed.isNewPlace,
    digest: claimed.isNewGuess && chain.winners.has(nonce) && claimed.wrongGuesses >= budget,
  };
  if (claims.place || claims.digest) await store.releaseGuess(guess, claims).catch(ignoreUnavailable);
  return { holder, claimed, verdict, isOvertaken: refusal === "out_of_guesses" && !isWithinDay };
}
