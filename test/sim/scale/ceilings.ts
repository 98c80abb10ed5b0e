import type { Counted, Limit } from "./limits.ts";
import { LIMITS } from "./limits.ts";
import type { Load } from "./load.ts";
import { DAYS_A_MONTH, PEAK, SESSION_DAYS } from "./mix.ts";
import { SMS_PRICES } from "../sms-prices.ts";
import type { Stored } from "./storage.ts";

const SECONDS_A_DAY = 86_400;

export interface Ceiling extends Limit {
  /** Sign-ins a second in the busiest hour at which the limit is met. */
  readonly rate: number;
}

/** The limits in the order in which a service that grows meets them, in India. */
export function ceilingsOf(load: Load, stored: readonly Stored[]): readonly Ceiling[] {
  return Object.values(LIMITS)
    .map((limit) => ({ ...limit, rate: limit.value / demandAtOne(limit.counts, load, stored) }))
    .toSorted((left, right) => left.rate - right.rate);
}

/** What one sign-in a second in the busiest hour takes of what a limit counts. */
export function demandAtOne(counts: Counted, load: Load, stored: readonly Stored[]): number {
  const perDay = SECONDS_A_DAY / PEAK;
  switch (counts) {
    case "requests a day":
      return load.requests * perDay;
    case "commands a second":
      return load.commands;
    case "SMS a second":
    case "publishes a second":
      return load.publishes;
    case "SMS a day":
      return load.publishes * perDay;
    case "dollars of SMS a month":
      return load.publishes * perDay * DAYS_A_MONTH * SMS_PRICES.IN.sns;
    case "stored bytes":
      return byteDays(stored) * perDay;
  }
}

/** What one sign-in keeps stored, times the days for which: a session in use stays longer than its first life. */
export function byteDays(stored: readonly Stored[]): number {
  return stored.reduce(
    (sum, { kind, bytes, seconds }) => sum + bytes * daysOf(kind, seconds / SECONDS_A_DAY),
    0,
  );
}

/** Somebody who signs in once a month has one mark for all his sign-ins, which a month of it is. */
function daysOf(kind: string, days: number): number {
  if (kind === "session" || kind === "sessions") return SESSION_DAYS;
  return Math.min(days, DAYS_A_MONTH);
}
