import { describe, expect, it } from "vitest";
import type { InvocationId, Line } from "../../src/ids.ts";
import { policySchema } from "../../src/config/policy.ts";
import { GRACE_MS, judgeGuard } from "../../src/limits/guard.ts";
import type { GuardEvidence, Hold } from "../../src/store/guard-port.ts";

const policy = policySchema.parse({
  guardSendsPerPrefix: 10,
  guardConversionPercent: 20,
  guardHoldSeconds: 600,
});
const now = Date.UTC(2026, 10, 24, 12);
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

interface Hour {
  readonly sent: readonly number[];
  readonly running?: number;
  readonly verified: number;
}

interface Seen {
  /** Sends to as many different numbers, so many minutes ago. */
  readonly sent?: readonly (readonly [count: number, minutesAgo: number])[];
  readonly verified?: readonly (readonly [count: number, minutesAgo: number])[];
  readonly hold?: Hold;
  readonly country?: Hour & { readonly hold?: Hold };
  readonly network?: Hour & { readonly isKnown: boolean };
  readonly isKnownNumber?: boolean;
  readonly isProven?: boolean;
}

const line = (name: string | number) => `line ${name}` as Line;

/** Numbers that verified are the first of those that were sent to. */
function evidenceOf(seen: Seen): GuardEvidence {
  const sends = spread(seen.sent ?? []).map((at, index) => {
    const invocation = `send ${index}` as InvocationId;
    return { line: line(index), invocation, at };
  });
  const verified = spread(seen.verified ?? []).map((at, index) => ({ line: line(index), at }));
  const { country = nobody, network = { ...nobody, isKnown: false } } = seen;
  return {
    prefix: { sends, verified, hold: seen.hold ?? null, isFull: false },
    country: { ...hourOf(country), hold: seen.country?.hold ?? null },
    network: { ...hourOf(network), isKnown: network.isKnown },
    isKnownNumber: seen.isKnownNumber ?? false,
  };
}

const nobody: Hour = { sent: [], verified: 0 };

/** Windows that ended ten minutes ago and before. */
function hourOf({ sent, running = 0, verified }: Hour) {
  const windows = sent.map((count, index) => ({ sent: count, startedAt: now - (index + 2) * 10 * minute }));
  return { windows, running, verified };
}

function spread(groups: readonly (readonly [number, number])[]): readonly number[] {
  return groups.flatMap(([count, ago]) => Array.from({ length: count }, () => now - ago * minute));
}

function judge(seen: Seen): string {
  const guarded = { now, line: line("own"), isProven: seen.isProven ?? false };
  const verdict = judgeGuard(guarded, evidenceOf(seen), policy);
  if (verdict.kind === "pass") return "pass";
  const starts = verdict.starts === null ? "" : `, starts ${verdict.starts.level}`;
  return `${verdict.by} for ${verdict.waitMs / minute} minutes${starts}`;
}

const poor: Seen = { sent: [[10, 5]] };

describe("the guard of a prefix", () => {
  it.each<[string, Seen, string]>([
    ["nothing seen", {}, "pass"],
    ["one less than too many that never verified", { sent: [[9, 5]] }, "pass"],
    ["too many that never verified", poor, "prefix for 10 minutes, starts 1"],
    ["as many that may still verify", { sent: [[10, 2]] }, "pass"],
    ["as many a day ago", { sent: [[10, 24 * 60]] }, "pass"],
    ["a fleet that verified", { sent: [[50, 60]], verified: [[45, 55]] }, "pass"],
    ["a fifth verified", { sent: [[15, 60]], verified: [[3, 55]] }, "pass"],
    [
      "less than a fifth verified",
      { sent: [[15, 60]], verified: [[2, 55]] },
      "prefix for 10 minutes, starts 1",
    ],
    ["a burst that is still on its way", { sent: [[50, 1]] }, "prefix for 10 minutes, starts 1"],
    ["one less than a burst", { sent: [[49, 1]] }, "pass"],
    ["a burst of which a fifth has verified already", { sent: [[63, 1]], verified: [[13, 1]] }, "pass"],
    ["a hold that still runs", { hold: { level: 1, startedAt: now - 9 * minute } }, "prefix for 1 minutes"],
    ["a hold that has just ended", { hold: { level: 1, startedAt: now - 10 * minute } }, "pass"],
    [
      "what was seen before the hold ended",
      { sent: [[64, 11]], hold: { level: 1, startedAt: now - 20 * minute } },
      "pass",
    ],
    [
      "a few that never verified after a hold: twice as long",
      { sent: [[3, 5]], hold: { level: 1, startedAt: now - 20 * minute } },
      "prefix for 20 minutes, starts 2",
    ],
    [
      "a few on their way after a hold: the next waits for them",
      { sent: [[3, 1]], hold: { level: 1, startedAt: now - 20 * minute } },
      "prefix for 2 minutes",
    ],
    [
      "a few that verified after a hold",
      { sent: [[5, 5]], verified: [[3, 4]], hold: { level: 1, startedAt: now - 20 * minute } },
      "pass",
    ],
    [
      "the tenth hold: a day at most",
      { sent: [[3, 5]], hold: { level: 9, startedAt: now - day - 10 * minute } },
      `prefix for ${24 * 60} minutes, starts 10`,
    ],
    ["a number that verified in the last 30 days", { ...poor, isKnownNumber: true }, "pass"],
    ["a caller with proof of an earlier sign-in", { ...poor, isProven: true }, "pass"],
    [
      "a network that verified",
      { ...poor, network: { isKnown: true, sent: [], verified: 0 } },
      "prefix for 10 minutes, starts 1",
    ],
  ])("judges %s", (_, seen, expected) => {
    expect(judge(seen)).toBe(expected);
  });

  it("never waits for more on their way than the store shows of a prefix", () => {
    const generous = { ...policy, guardSendsPerPrefix: 50 };
    const guarded = { now, line: line("own"), isProven: false };
    const kindOf = (sent: number) => judgeGuard(guarded, evidenceOf({ sent: [[sent, 1]] }), generous).kind;
    expect([99, 100].map(kindOf)).toEqual(["pass", "held"]);
  });

  it("counts a number once, however often it was sent to, so that one number cannot hold its neighbours", () => {
    const evidence = evidenceOf({});
    const sends = Array.from({ length: 40 }, (_, index) => {
      const invocation = `send ${index}` as InvocationId;
      return { line: line("victim"), invocation, at: now - hour };
    });
    const guarded = { now, line: line("own"), isProven: false };
    const seen = { ...evidence, prefix: { ...evidence.prefix, sends } };
    expect(judgeGuard(guarded, seen, policy)).toEqual({ kind: "pass" });
  });

  it("has waited for a number since it was first sent to, not since it asked again", () => {
    const first = evidenceOf(poor).prefix.sends;
    const again = first.map((send) => ({ ...send, at: now - minute }));
    const guarded = { now, line: line("own"), isProven: false };
    const evidence = evidenceOf({});
    const seen = { ...evidence, prefix: { ...evidence.prefix, sends: [...first, ...again] } };
    expect(judgeGuard(guarded, seen, policy)).toMatchObject({ kind: "held", by: "prefix" });
  });

  it("does not count the caller's own number", () => {
    const guarded = { now, line: line(0), isProven: false };
    expect(judgeGuard(guarded, evidenceOf(poor), policy)).toEqual({ kind: "pass" });
  });

  it("gives an SMS its time to be read and typed", () => {
    const at = now - GRACE_MS;
    const sends = evidenceOf(poor).prefix.sends;
    const judged = (sentAt: number) => {
      const evidence = evidenceOf({});
      const dated = sends.map((send) => ({ ...send, at: sentAt }));
      const guarded = { now, line: line("own"), isProven: false };
      return judgeGuard(guarded, { ...evidence, prefix: { ...evidence.prefix, sends: dated } }, policy).kind;
    };
    expect([judged(at), judged(at + 1)]).toEqual(["held", "pass"]);
  });
});

describe("the guard of a country", () => {
  const poorCountry = { sent: [10, 10], verified: 3 };
  const known = (running: number, verified: number) => ({ isKnown: true, sent: [], running, verified });

  it.each<[string, Seen, string]>([
    ["many sent in the hour, few verified", { country: poorCountry }, "country for 10 minutes, starts 1"],
    ["too few sent to tell", { country: { sent: [10, 9], verified: 0 } }, "pass"],
    ["many on their way", { country: { sent: [10, 9], running: 50, verified: 0 } }, "pass"],
    [
      "a few on their way after a hold: the next waits for the next window",
      { country: { sent: [], running: 5, verified: 0, hold: { level: 1, startedAt: now - 12 * minute } } },
      "country for 10 minutes",
    ],
    ["a fifth verified", { country: { sent: [10, 10], verified: 4 } }, "pass"],
    ["a network that verified in the last 30 days", { country: poorCountry, network: known(9, 0) }, "pass"],
    ["one of whose people enough verify now", { country: poorCountry, network: known(50, 10) }, "pass"],
    [
      "one of whose people too few do",
      { country: poorCountry, network: known(50, 9) },
      "country for 10 minutes, starts 1",
    ],
    [
      "one from which nobody has verified",
      { country: poorCountry, network: { ...known(1, 0), isKnown: false } },
      "country for 10 minutes, starts 1",
    ],
    ["a number that did", { country: poorCountry, isKnownNumber: true }, "pass"],
    ["a caller with proof", { country: poorCountry, isProven: true }, "pass"],
    [
      "a hold that still runs",
      { country: { sent: [], verified: 0, hold: { level: 2, startedAt: now - 5 * minute } } },
      "country for 15 minutes",
    ],
    [
      "windows from before the hold ended",
      { country: { ...poorCountry, hold: { level: 1, startedAt: now - 20 * minute } } },
      "pass",
    ],
    [
      "windows after the hold ended: twice as long",
      { country: { sent: [20], verified: 0, hold: { level: 1, startedAt: now - 40 * minute } } },
      "country for 20 minutes, starts 2",
    ],
  ])("judges %s", (_, seen, expected) => {
    expect(judge(seen)).toBe(expected);
  });
});
