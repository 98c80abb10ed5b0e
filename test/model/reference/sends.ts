import type { Policy } from "../../../src/config/policy.ts";
import type { Exchange } from "../exchange.ts";
import type { Entry, Window } from "./windows.ts";
import { leastWait, ownWindows, waitOf } from "./windows.ts";
import type { Reference } from "./reference.ts";

const DAY_MS = 86_400_000;

/**
 * SMS to a number are within its limits whatever fails and however many come at once; and nobody is refused, or told to
 * wait longer, than the SMS that were sent and what faults have left open can explain.
 */
export function createSends(): Reference {
  const logs = new Map<number, Entry[]>();

  return {
    see(exchange, { policy, apartMs }) {
      const { ask, sms, startedAt } = exchange;
      const log = logs.get(ask.phone) ?? [];
      logs.set(ask.phone, log);
      if (ask.kind === "verify") {
        if (ask.challenge === null)
          log.push({ ...NOT_SENT, at: startedAt, subject: ask.subject, isGuess: true });
        return [];
      }
      if (ask.kind !== "send") return [];
      const taken = sms.filter(({ isMaybeSent }) => isMaybeSent).length;
      const own = ownWindows(exchange, log, { policy, apartMs });
      const full = own
        .map((window) => notLater(window, startedAt))
        .map((window) => (apartMs > 0 ? besideProven(window) : window))
        .filter((window) => leastWait(window, startedAt + apartMs) > 0);
      if (taken > 0)
        log.push({
          ...NOT_SENT,
          at: startedAt,
          subject: ask.subject,
          isSure: true,
          isProven: ask.isProven,
          isReserve: usesReserve(exchange, full),
        });
      else if (exchange.storeFailed || exchange.answer === null)
        log.push({
          ...NOT_SENT,
          at: startedAt,
          subject: ask.subject,
          knownTo: isKnownUnsent(exchange) ? exchange.isolate : -1,
        });
      return [
        ...(taken > 1 ? [`${taken} SMS for one request`] : []),
        ...(taken > 0 ? overLimits(exchange, full, { log, policy }) : []),
        ...unexplained(exchange, own, apartMs),
        ...withoutReserve(exchange, log, policy),
      ];
    },
  };
}

const NOT_SENT = { isSure: false, knownTo: -1, isReserve: false, isGuess: false, isProven: false } as const;

/**
 * An isolate remembers what it has withdrawn. What was refunded in good order, and is executed once more when that is
 * over, stays in the log.
 */
function isKnownUnsent({ answer, faults }: Exchange): boolean {
  return answer !== null && (answer.error["upstream"] === "store" || !faults.store.includes("late"));
}

/** Without those that another clock dates so far ahead that, by the clocks of both, this one came a window before. */
function notLater(window: Window, now: number): Window {
  return { ...window, entries: window.entries.filter(({ at }) => at < now + window.windowMs) };
}

/** Where clocks put one with proof before one without that came first, nobody can tell which of them had the reserve. */
function besideProven(window: Window): Window {
  return { ...window, quota: window.quota + window.entries.filter(({ isProven }) => isProven).length };
}

function usesReserve({ ask }: Exchange, full: readonly Window[]): boolean {
  return ask.isProven && full.some(({ limit }) => limit !== "resendAfterSeconds");
}

function overLimits(
  { ask, startedAt }: Exchange,
  full: readonly Window[],
  { log, policy }: { readonly log: readonly Entry[]; readonly policy: Policy },
): readonly string[] {
  const hard = full.filter(({ limit }) => limit === "resendAfterSeconds" || !ask.isProven);
  const drawn = log.filter(
    (one) => one.subject === ask.subject && one.isReserve && one.at > startedAt - DAY_MS,
  );
  return [
    ...hard.map(({ limit }) => `an SMS although ${limit} is used up`),
    ...(drawn.length > policy.sendsPerDayReserve ? ["more SMS than the reserve has"] : []),
  ];
}

function unexplained(
  { ask, answer, startedAt, beside }: Exchange,
  own: readonly Window[],
  apartMs: number,
): readonly string[] {
  if (answer?.code !== "OTP_RATE_LIMIT_EXCEEDED") return [];
  const window = own.find(({ limit }) => limit === answer.error["limit"]);
  if (window === undefined) return [];
  const told = Number(answer.error["retryAfterMs"]);
  const most = waitOf(window, startedAt, () => true);
  // What is too old by one clock may be swept before another has come so far.
  const least = leastWait(window, startedAt + apartMs);
  // What ran at the same time may have come before it or after.
  if (beside.some(({ phone }) => phone === ask.phone)) return [];
  if (told > most)
    return [`refuses by ${window.limit} for ${told} ms, which nothing explains beyond ${most}`];
  return told < least
    ? [`tells to wait ${told} ms for ${window.limit}, which is too early by ${least - told}`]
    : [];
}

/** Whoever has proof finds the reserve where the hour or the day is used up. */
function withoutReserve(
  { ask, answer, startedAt, beside }: Exchange,
  log: readonly Entry[],
  policy: Policy,
): readonly string[] {
  const limit = String(answer?.error["limit"]);
  if (!ask.isProven || beside.length > 0 || !/^sendsPer(?:Hour|Day|DayPerNumber)$/.test(limit)) return [];
  const drawn = log.filter(
    (one) => one.subject === ask.subject && (one.isReserve || !one.isSure) && one.at > startedAt - DAY_MS,
  );
  return drawn.length < policy.sendsPerDayReserve
    ? [`refuses by ${limit} whoever has proof, and a reserve left`]
    : [];
}
