import type { WindowCount } from "../store/port.ts";
import type { LimitName, Standing } from "./limit.ts";

const HOUR_MS = 3_600_000;

export function hourOf(now: number): number {
  return Math.floor(now / HOUR_MS);
}

/**
 * A sliding hour from two fixed ones: the hour before counts with the share of it that the sliding hour still covers.
 * `count.current` includes this request.
 */
export function addressStanding(
  rule: { readonly limit: LimitName; readonly quota: number },
  count: WindowCount,
  now: number,
): Standing {
  const intoHourMs = now % HOUR_MS;
  const others = count.current - 1;
  const used = others + count.previous * (1 - intoHourMs / HOUR_MS);
  const waitMs = used <= rule.quota - 1 ? 0 : waitFor({ quota: rule.quota, others, previous: count.previous, intoHourMs });
  const remaining = waitMs > 0 ? 0 : Math.floor(rule.quota - used - 1);
  return { ...rule, windowSeconds: HOUR_MS / 1000, remaining, waitMs };
}

/** Until the count of the others has faded to one below the quota, in this hour or in the next. */
function waitFor(at: { quota: number; others: number; previous: number; intoHourMs: number }): number {
  const room = at.quota - 1 - at.others;
  const untilNextHourMs = HOUR_MS - at.intoHourMs;
  if (room >= 0) {
    const fadedAtMs = HOUR_MS * (1 - room / at.previous);
    return Math.max(1, Math.ceil(fadedAtMs - at.intoHourMs));
  }
  return Math.ceil(untilNextHourMs + HOUR_MS * (1 - (at.quota - 1) / at.others));
}
