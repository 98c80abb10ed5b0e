import type { Policy } from "../config/policy.ts";
import type { LoggedSend } from "../store/port.ts";
import type { Standing } from "./limit.ts";

type SubjectPolicy = Pick<Policy, "resendAfterSeconds" | "sendsPerHour" | "sendsPerDay">;

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/**
 * The sends of a log that were allowed, oldest first, found by allowing them anew in their order. Refused ones stand
 * in the log until their refund arrives, and must neither lengthen anybody's wait nor lend an address guesses.
 */
export function allowedSends(log: readonly LoggedSend[], policy: SubjectPolicy): readonly LoggedSend[] {
  const allowed: LoggedSend[] = [];
  for (const send of log.toSorted((a, b) => a.at - b.at)) {
    const standings = subjectStandings(allowed, send.at, policy);
    if (standings.every((standing) => standing.waitMs === 0)) allowed.push(send);
  }
  return allowed;
}

/** Exact sliding windows over the allowed sends; one that is dated ahead of `now` by another clock counts as just made. */
export function subjectStandings(
  allowed: readonly LoggedSend[],
  now: number,
  policy: SubjectPolicy,
): readonly Standing[] {
  const times = allowed.map((send) => send.at);
  return [
    window({ limit: "resendAfterSeconds", quota: 1, windowSeconds: policy.resendAfterSeconds }, times, now),
    window({ limit: "sendsPerHour", quota: policy.sendsPerHour, windowSeconds: HOUR_SECONDS }, times, now),
    window({ limit: "sendsPerDay", quota: policy.sendsPerDay, windowSeconds: DAY_SECONDS }, times, now),
  ];
}

function window(
  rule: Pick<Standing, "limit" | "quota" | "windowSeconds">,
  times: readonly number[],
  now: number,
): Standing {
  const windowMs = rule.windowSeconds * 1000;
  const inside = times.filter((at) => windowMs > 0 && at > now - windowMs);
  const remaining = Math.max(0, rule.quota - inside.length);
  const freedBy = remaining > 0 ? undefined : inside[inside.length - rule.quota];
  return { ...rule, remaining, waitMs: freedBy === undefined ? 0 : Math.ceil(freedBy + windowMs - now) };
}
