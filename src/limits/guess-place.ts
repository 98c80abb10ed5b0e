import { DAY_MS } from "../time.ts";
import { sendsPerDayInAllRoles } from "../config/policy.ts";
import type { GuessPlace, SubjectTag } from "../ids.ts";
import type { LoggedSend } from "../store/send-port.ts";
import type { SubjectPolicy } from "./subject.ts";
import { allowedSends, isCovered } from "./subject.ts";

/** A place for the guesses of one holder without a challenge id. */
export interface WantedPlace {
  readonly place: GuessPlace;
  readonly of: SubjectTag;
}

/**
 * Whether guesses without a challenge id have a place in the day's budget of sends, or find one: in the subject's day and
 * in the number's. Each send brings guesses with its challenge id; those without one take a send's place, so that a day
 * never has more guesses than its sends. All sends and all other claims in the reply go before this one: whoever came
 * first is in mine, and no clock says who that was. While one that came too late is still in the log, others may be refused
 * for it who came in time; never is one too many let through.
 */
export function hasPlace(
  log: readonly LoggedSend[],
  { place, of }: WantedPlace,
  { now, policy }: { readonly now: number; readonly policy: SubjectPolicy },
): boolean {
  const isToday = (entry: LoggedSend) => entry.at > now - DAY_MS - policy.codeLifetimeSeconds * 1000;
  // Of the whole log: what is past decides which of today's were allowed.
  const sends = allowedSends(
    log.filter(({ kind }) => kind !== "guesses"),
    policy,
  ).filter(isToday);
  const others = log.filter(
    (entry) =>
      entry.kind === "guesses" && isToday(entry) && entry.member !== place && !isCovered(entry, sends),
  );
  if (isCovered({ kind: "guesses", member: place, of }, sends)) return true;
  const isLeft = (isCounted: (entry: LoggedSend) => boolean, quota: number) =>
    sends.filter(isCounted).length + others.filter(isCounted).length < quota;
  return (
    isLeft((entry) => entry.of === of, policy.sendsPerDay) &&
    isLeft(() => true, sendsPerDayInAllRoles(policy))
  );
}
