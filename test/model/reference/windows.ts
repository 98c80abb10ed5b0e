import { sendsPerDayInAllRoles } from "../../../src/config/policy.ts";
import type { Exchange } from "../exchange.ts";
import { RUN_TIMEOUT_MS } from "../system/isolate.ts";
import type { Witness } from "./reference.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** What a number's log may hold. */
export interface Entry {
  readonly at: number;
  readonly subject: string;
  /** Whether an SMS went out for it; else it is a fault's, or a guess's, and may stand in the log or not. */
  readonly isSure: boolean;
  /** The isolate that knows that it sent nothing; -1 where nobody does. */
  readonly knownTo: number;
  readonly isReserve: boolean;
  readonly isGuess: boolean;
  readonly isProven: boolean;
}

/** A limit as it stands for one send. */
export interface Window {
  readonly limit: string;
  readonly quota: number;
  readonly windowMs: number;
  readonly entries: readonly Entry[];
}

/** The limits of a subject, over what was before this send. */
export function ownWindows(
  { ask, startedAt, isolate }: Exchange,
  log: readonly Entry[],
  { policy, apartMs }: Pick<Witness, "policy" | "apartMs">,
): readonly Window[] {
  const own = log.filter(({ subject }) => subject === ask.subject);
  const sends = own.filter(({ isGuess }) => !isGuess);
  const dayMs = DAY_MS + policy.codeLifetimeSeconds * 1000;
  const inTime = (entries: readonly Entry[]) =>
    entries.filter(({ at, knownTo }) => at <= startedAt + apartMs && knownTo !== isolate);
  return [
    {
      limit: "resendAfterSeconds",
      quota: 1,
      windowMs: policy.resendAfterSeconds * 1000,
      entries: inTime(sends),
    },
    { limit: "sendsPerHour", quota: policy.sendsPerHour, windowMs: HOUR_MS, entries: inTime(sends) },
    { limit: "sendsPerDay", quota: policy.sendsPerDay, windowMs: dayMs, entries: inTime(own) },
    {
      limit: "sendsPerDayPerNumber",
      quota: sendsPerDayInAllRoles(policy),
      windowMs: dayMs,
      entries: inTime(log),
    },
  ].filter(({ windowMs }) => windowMs > 0);
}

/** Milliseconds until one more has room among those that count. */
export function waitOf(
  { quota, windowMs, entries }: Window,
  now: number,
  counts: (entry: Entry) => boolean,
): number {
  const inside = entries.filter((entry) => counts(entry) && entry.at > now - windowMs).map(({ at }) => at);
  const freedBy = inside.toSorted((a, b) => a - b)[inside.length - quota];
  return freedBy === undefined ? 0 : freedBy + windowMs - now;
}

/** What came late may count in the place of what was sent, and both were begun within the time of one run. */
export function leastWait(window: Window, now: number): number {
  const wait = waitOf(window, now, ({ isSure }) => isSure);
  return window.entries.some(({ isSure, isGuess }) => !isSure && !isGuess) ? wait - RUN_TIMEOUT_MS : wait;
}
