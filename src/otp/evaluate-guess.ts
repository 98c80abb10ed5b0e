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
  const { subject, phoneId, holder, place, now } = guess;
  const claimed = await store.claimGuess(guess);
  const { log, isNewPlace } = claimed;
  const isWithinDay = place === null || hasPlace(log, { place, of: tagOf(subject) }, { now, policy });
  const verdict = judgeGuess({ ...guess, budget: policy.guessesPerChallenge, isWithinDay }, claimed);
  const refusal = verdict.ok ? null : verdict.refusal.reason;
  // What was not evaluated costs nobody anything, and whoever comes to this place after it will not be either.
  if (place !== null && isNewPlace && refusal !== null && refusal !== "wrong_guess")
    await store.releasePlace({ subject, phoneId }, place).catch(ignoreUnavailable);
  return { holder, claimed, verdict, isOvertaken: refusal === "out_of_guesses" && !isWithinDay };
}
