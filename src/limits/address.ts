import { HOUR_MS } from "../time.ts";
import type { WindowCount } from "../store/send-port.ts";
import type { LimitName, Standing } from "./limit.ts";

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
  // In request-milliseconds, which are whole numbers: a wait that rounding made too short would be early.
  const room = (rule.quota - 1 - others) * HOUR_MS - count.previous * (HOUR_MS - intoHourMs);
  const isAllowed = room >= 0;
  return {
    ...rule,
    windowSeconds: HOUR_MS / 1000,
    remaining: isAllowed ? Math.floor(room / HOUR_MS) : 0,
    waitMs: isAllowed ? 0 : waitFor({ quota: rule.quota, others, previous: count.previous, intoHourMs }),
  };
}

/** Until the count of the others has faded to one below the quota, in this hour or in the next. */
function waitFor(at: { quota: number; others: number; previous: number; intoHourMs: number }): number {
  const excess = at.others - (at.quota - 1);
  if (excess <= 0) return Math.ceil((HOUR_MS * (at.previous + excess)) / at.previous) - at.intoHourMs;
  return HOUR_MS - at.intoHourMs + Math.ceil((HOUR_MS * excess) / at.others);
}
