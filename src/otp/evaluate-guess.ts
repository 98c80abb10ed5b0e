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
  // Behind a win, and about to use the guesses up: it must not stand against a repeat of the winner's. Where the set has
  // been trimmed nothing is taken back, since what was trimmed may be what came before the win.
  const isBehindWinner =
    claimed.isNewGuess &&
    chain.winners.has(nonce) &&
    claimed.wrongGuesses >= budget &&
    claimed.wrongGuesses <= budget + 1;
  const isEvaluated = refusal === null || refusal === "wrong_guess";
  // What was not evaluated costs nobody anything. But a place that others have overtaken may be one by now in which
  // somebody else of the same holder is evaluated, since what overtook it can be gone again.
  const claims = {
    place: !isEvaluated && !isOvertaken && claimed.isNewPlace,
    digest: isBehindWinner,
  };
  if (claims.place || claims.digest) await store.releaseGuess(guess, claims).catch(ignoreUnavailable);
  return { holder, claimed, verdict, isOvertaken, isBehindWinner };
}
