import type { Point } from "./point.ts";

/** What the page asks for. Times in ms; null is all. */
export interface Question {
  readonly now: number;
  readonly windowMs: number;
  /** A window is a whole number of these. */
  readonly stepMs: number;
  readonly role: string | null;
  readonly country: string | null;
}

/** Counted as the ready-made SQL counts. */
export interface Tally {
  readonly requests: number;
  /** SMS that went out, or may have. */
  readonly sent: number;
  readonly verified: number;
  /** Answered with an error: the caller's doing, or ours. */
  readonly refused: number;
  readonly failed: number;
  /** Sends that the guard held, or would have held. */
  readonly held: number;
  readonly microUsd: number;
  /** Null where nobody asked the upstream. */
  readonly store: Quantiles | null;
  readonly sms: Quantiles | null;
}

/** In ms. */
export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

export interface Summary {
  readonly at: number;
  readonly stepMs: number;
  readonly roles: readonly string[];
  readonly countries: readonly string[];
  readonly total: Tally;
  /** The window in equal steps, oldest first; `at` is where a step begins. */
  readonly steps: readonly (Tally & { readonly at: number })[];
  /** Most frequent first. */
  readonly refusals: readonly Refusal[];
  /** Most SMS first. */
  readonly groups: readonly (Tally & { readonly role: string; readonly country: string })[];
}

export interface Refusal {
  readonly outcome: string;
  readonly reason: string;
  readonly status: number;
  readonly count: number;
}

const MOST_REFUSALS = 20;

export function summarize(points: readonly Point[], question: Question): Summary {
  const { now, windowMs, stepMs, role, country } = question;
  // Steps begin at round times, so that a point stays in its step while the window moves on.
  const end = (Math.floor(now / stepMs) + 1) * stepMs;
  const start = end - windowMs;
  const inWindow = points.filter(({ at }) => at >= start && at < end);
  const asked = inWindow.filter(
    (point) => (role === null || point.role === role) && (country === null || point.country === country),
  );
  const byStep = Map.groupBy(asked, ({ at }) => Math.floor((at - start) / stepMs));
  return {
    at: now,
    stepMs,
    roles: namesOf(inWindow.map((point) => point.role)),
    countries: namesOf(inWindow.map((point) => point.country)),
    total: tally(asked),
    steps: Array.from({ length: windowMs / stepMs }, (_, index) => ({
      at: start + index * stepMs,
      ...tally(byStep.get(index) ?? []),
    })),
    refusals: refusalsOf(asked),
    groups: groupsOf(asked),
  };
}

function namesOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== "").sort();
}

/** In one pass, since a day's points are many and this process is also the store. */
function tally(points: readonly Point[]): Tally {
  const counted = {
    requests: points.length,
    sent: 0,
    verified: 0,
    refused: 0,
    failed: 0,
    held: 0,
    microUsd: 0,
  };
  const store: number[] = [];
  const sms: number[] = [];
  for (const point of points) {
    if (isSent(point)) counted.sent += 1;
    if (isVerified(point)) counted.verified += 1;
    if (point.status >= 500) counted.failed += 1;
    else if (point.outcome !== "ok") counted.refused += 1;
    if (point.guard !== "") counted.held += 1;
    counted.microUsd += point.smsMicroUsd;
    if (point.storeRequests > 0) store.push(point.storeMs);
    if (point.smsPublishes > 0) sms.push(point.smsMs);
  }
  return { ...counted, store: quantiles(store), sms: quantiles(sms) };
}

const isSent = ({ smsOutcome, testNumber }: Point): boolean =>
  (smsOutcome === "sent" || smsOutcome === "unknown") && testNumber === "";

const isVerified = ({ route, outcome, testNumber }: Point): boolean =>
  route === "/api/v1/auth/verify-otp" && outcome === "ok" && testNumber === "";

function quantiles(values: readonly number[]): Quantiles | null {
  // Sorted as numbers, and much faster than by a function that compares them.
  const sorted = Float64Array.from(values).sort();
  const at = (level: number) => sorted[Math.max(0, Math.ceil(level * sorted.length) - 1)] ?? 0;
  return sorted.length === 0 ? null : { p50: at(0.5), p99: at(0.99) };
}

function refusalsOf(points: readonly Point[]): readonly Refusal[] {
  const refused = points.filter(({ outcome }) => outcome !== "ok");
  const byReason = Map.groupBy(refused, ({ outcome, reason }) => `${outcome} ${reason}`);
  const all = [...byReason.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ ...first, count: others.length + 1 }],
  );
  return all
    .map(({ outcome, reason, status, count }) => ({ outcome, reason, status, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason))
    .slice(0, MOST_REFUSALS);
}

function groupsOf(points: readonly Point[]): Summary["groups"] {
  const known = points.filter(({ role }) => role !== "");
  const groups = [...Map.groupBy(known, ({ role, country }) => `${role} ${country}`).values()];
  return groups
    .flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [{ role: first.role, country: first.country, ...tally(group) }];
    })
    .sort((a, b) => b.sent - a.sent || b.requests - a.requests);
}
