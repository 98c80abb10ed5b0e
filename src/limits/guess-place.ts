import { sendsPerDayInAllRoles } from "../config/policy.ts";
import type { GuessPlace, SubjectTag } from "../ids.ts";
import type { LoggedSend } from "../store/send-port.ts";
import type { SubjectPolicy } from "./subject.ts";
import { allowedSends } from "./subject.ts";

const DAY_MS = 86_400_000;

/** Guesses of one holder without a challenge id, and whether this is the first that claims their place. */
export interface ClaimedPlace {
  readonly place: GuessPlace;
  readonly of: SubjectTag;
  readonly isNew: boolean;
}

/**
 * Whether guesses without a challenge id have a place in the day's budget of sends, or find one: in the subject's day and
 * in the number's. Each send brings guesses with its challenge id; those without one take a send's place, so that a day
 * never has more guesses than its sends. All sends go before them, and all other claims in the reply before a new one:
 * whoever came first is in mine.
 */
export function hasPlace(
  log: readonly LoggedSend[],
  { place, of, isNew }: ClaimedPlace,
  { now, policy }: { readonly now: number; readonly policy: SubjectPolicy },
): boolean {
  const isToday = (entry: LoggedSend) => entry.at > now - DAY_MS - policy.codeLifetimeSeconds * 1000;
  // Of the whole log: what is past decides which of today's were allowed.
  const sends = allowedSends(
    log.filter(({ kind }) => kind !== "guesses"),
    policy,
  ).filter(isToday);
  const claims = log
    .filter((entry) => entry.kind === "guesses" && isToday(entry))
    .toSorted((a, b) => a.at - b.at);
  const isLeft = (isCounted: (entry: LoggedSend) => boolean, quota: number) => {
    const counted = claims.filter(isCounted);
    const index = counted.findIndex(({ member }) => member === place);
    const others = counted.length - (index === -1 ? 0 : 1);
    const before = isNew || index === -1 ? others : index;
    return sends.filter(isCounted).length + before < quota;
  };
  return (
    isLeft((entry) => entry.of === of, policy.sendsPerDay) &&
    isLeft(() => true, sendsPerDayInAllRoles(policy))
  );
}
