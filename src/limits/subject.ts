import type { Policy } from "../config/policy.ts";
import { sendsPerDayInAllRoles } from "../config/policy.ts";
import type { SubjectTag } from "../ids.ts";
import { sendOfPlace } from "../ids.ts";
import { CLOCK_SKEW_MS } from "../time.ts";
import type { LoggedSend } from "../store/send-port.ts";
import type { Standing } from "./limit.ts";

export type SubjectPolicy = Pick<
  Policy,
  | "resendAfterSeconds"
  | "sendsPerHour"
  | "sendsPerDay"
  | "sendsPerDayPerNumber"
  | "sendsPerDayReserve"
  | "codeLifetimeSeconds"
>;

/** Who asks for a place in a number's log. */
export interface Asked {
  readonly now: number;
  readonly of: SubjectTag;
  readonly kind: LoggedSend["kind"];
}

/** A send that was allowed, or a claim of guesses, and whether it drew on the reserve. */
export type AllowedSend = LoggedSend & { readonly isReserve: boolean };

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/**
 * The entries of a log that were allowed, oldest first, found by allowing them anew in their order. Refused ones stand
 * in the log until their refund arrives, and must neither lengthen anybody's wait nor lend an address guesses.
 */
export function allowedSends(log: readonly LoggedSend[], policy: SubjectPolicy): readonly AllowedSend[] {
  const beside = log.filter((send) => sendOfPlace(send.member) === null);
  const standing = allowInOrder(beside, policy);
  if (beside.length === log.length) return standing;
  // A clock may date guesses before the send that they came with.
  const left = log.filter((send) => sendOfPlace(send.member) !== null && !isCovered(send, standing));
  return left.length === 0 ? standing : allowInOrder([...beside, ...left], policy);
}

function allowInOrder(log: readonly LoggedSend[], policy: SubjectPolicy): readonly AllowedSend[] {
  const allowed: AllowedSend[] = [];
  for (const send of log.toSorted(inOrder)) {
    const standings = subjectStandings(allowed, { ...send, now: send.at }, policy);
    if (standings.some((standing) => standing.waitMs > 0)) continue;
    allowed.push({ ...send, isReserve: standings.some(({ limit }) => limit === "sendsPerDayReserve") });
  }
  return allowed;
}

/** Guesses that a send has brought take no place beside it. They outlive it, should it be withdrawn, and count from then on. */
export function isCovered(
  { kind, member, of }: Pick<LoggedSend, "kind" | "member" | "of">,
  allowed: readonly LoggedSend[],
): boolean {
  const sendId = kind === "guesses" ? sendOfPlace(member) : null;
  return sendId !== null && allowed.some((send) => send.of === of && send.asker?.sendId === sendId);
}

/**
 * Of one moment, those come last that have a reserve: the others would not be here if they had found no place. Guesses come
 * after all sends that were made by the same time on any clock, since one that came too late for a place stays here, and
 * must not push a send out that was there before it.
 */
function inOrder(one: LoggedSend, other: LoggedSend): number {
  return orderOf(one) - orderOf(other) || Number(one.kind === "proven") - Number(other.kind === "proven");
}

function orderOf({ at, kind }: LoggedSend): number {
  return kind === "guesses" ? at + CLOCK_SKEW_MS : at;
}

/**
 * Exact sliding windows over what was allowed; one that is dated ahead of `now` by another clock counts as just made.
 * All are of the subject, but for one day of the number in all its roles: three roles would be three days of guesses.
 * Guesses without a challenge id take a place of the day alone. A caller with proof of an earlier sign-in finds a
 * reserve where the hour or the day is used up: no stranger can lock him out.
 */
export function subjectStandings(
  allowed: readonly AllowedSend[],
  { now, kind, of }: Asked,
  policy: SubjectPolicy,
): readonly Standing[] {
  const own = allowed.filter((one) => one.of === of);
  const sends = own.filter((one) => one.kind !== "guesses");
  const cooldown = { quota: 1, windowSeconds: policy.resendAfterSeconds };
  const hour = { quota: policy.sendsPerHour, windowSeconds: HOUR_SECONDS };
  const perDay = { quota: policy.sendsPerDay, windowSeconds: DAY_SECONDS };
  const perNumber = { quota: sendsPerDayInAllRoles(policy), windowSeconds: DAY_SECONDS };
  const reserve = { quota: policy.sendsPerDayReserve, windowSeconds: DAY_SECONDS };
  // A code may be guessed at until it expires: a day of guesses is a day of sends and of those just before it.
  const since = now - policy.codeLifetimeSeconds * 1000;
  const days = [
    window({ limit: "sendsPerDay", ...perDay }, own, since),
    window({ limit: "sendsPerDayPerNumber", ...perNumber }, allowed, since),
  ];
  if (kind === "guesses") return days;

  const wait = window({ limit: "resendAfterSeconds", ...cooldown }, sends, now);
  const general = [window({ limit: "sendsPerHour", ...hour }, sends, now), ...days];
  if (kind === "send") return [wait, ...general];
  const drawn = own.filter(({ isReserve }) => isReserve);
  const spare = window({ limit: "sendsPerDayReserve", ...reserve }, drawn, now);
  return general.some(({ waitMs }) => waitMs > spare.waitMs) ? [wait, spare] : [wait, ...general];
}

function window(
  rule: Pick<Standing, "limit" | "quota" | "windowSeconds">,
  sends: readonly LoggedSend[],
  now: number,
): Standing {
  const windowMs = rule.windowSeconds * 1000;
  const inside = sends
    .map(({ at }) => at)
    .filter((at) => windowMs > 0 && at > now - windowMs)
    .toSorted((one, other) => one - other);
  const remaining = Math.max(0, rule.quota - inside.length);
  if (remaining > 0) return { ...rule, remaining, waitMs: 0 };
  // A quota of none is never freed.
  const freedBy = inside[inside.length - rule.quota] ?? now;
  return { ...rule, remaining, waitMs: Math.ceil(freedBy + windowMs - now) };
}
