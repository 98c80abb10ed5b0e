import { DAY_MS } from "../time.ts";
import type { Policy } from "../config/policy.ts";
import type { Standing } from "./limit.ts";
import type { GuardEvidence, Hold, WatchedSend, WatchScope } from "../store/guard-port.ts";
import { WINDOW_MS } from "../store/guard-port.ts";

type GuardPolicy = Pick<
  Policy,
  | "guardSendsPerPrefix"
  | "guardSendsPerCountry"
  | "guardSendsPerNetwork"
  | "guardConversionPercent"
  | "guardCountryConversionPercent"
  | "guardHoldSeconds"
>;

/** Who is judged. */
export interface GuardedSend {
  readonly now: number;
  readonly line: WatchedSend["line"];
  /** Whether its caller has proof of an earlier sign-in. */
  readonly isProven: boolean;
}

/** `starts`: a hold that begins with this verdict, for the store to keep. */
export type GuardVerdict =
  | { readonly kind: "pass" }
  | {
      readonly kind: "held";
      readonly by: WatchScope;
      readonly waitMs: number;
      readonly starts: Hold | null;
    };

/** A held send among the limits; nobody can pace himself by it. */
export function heldStanding(waitMs: number): Standing {
  return { limit: "guard", quota: 0, windowSeconds: 0, remaining: 0, waitMs };
}

/** An SMS may take this long to be read and typed before it counts as never verified. */
export const GRACE_MS = 180_000;

/** How many may be on their way to numbers of one prefix at once, in multiples of those that may fail, and at most. */
const BURST = 5;
const MOST_BURST = 100;
/** After a hold, this part of what was allowed before it. */
const AFTER_HOLD = 4;

/**
 * Whether sends to these numbers look like somebody earning by them: many, and few verified. Pure, from the one reply.
 * Numbers that verified in the last 30 days pass, and in a country that is held so do networks whose people verify.
 */
export function judgeGuard(send: GuardedSend, evidence: GuardEvidence, policy: GuardPolicy): GuardVerdict {
  if (send.isProven || evidence.isKnownNumber) return { kind: "pass" };
  const byPrefix = judgePrefix(send, evidence, policy);
  if (byPrefix.kind === "held" || isGood(evidence.network, policy)) return byPrefix;
  return judgeCountry(send, evidence, policy);
}

function judgePrefix(send: GuardedSend, evidence: GuardEvidence, policy: GuardPolicy): GuardVerdict {
  const { now } = send;
  const hold = evidence.prefix.hold;
  const heldUntil = endOf(hold, policy);
  if (now < heldUntil) return { kind: "held", by: "prefix", waitMs: heldUntil - now, starts: null };

  const since = Math.max(now - DAY_MS + 1, heldUntil);
  const firstSends = unverified(send, evidence, since);
  const failed = firstSends.filter((at) => at <= now - GRACE_MS).length;
  const verified = evidence.prefix.verified.filter(({ at }) => at >= since).length;
  const isPoor = (sends: number) => verified * 100 < policy.guardConversionPercent * (verified + sends);
  const most =
    hold === null ? policy.guardSendsPerPrefix : Math.ceil(policy.guardSendsPerPrefix / AFTER_HOLD);

  const burst = Math.min(BURST * most, MOST_BURST);
  const isBurst = hold === null && firstSends.length >= burst && isPoor(firstSends.length);
  if ((failed >= most && isPoor(failed)) || isBurst) return startHold("prefix", send, { hold, policy });
  // After a hold a few are let through to see whether they verify, and the next waits for what becomes of them.
  const isProbed = hold !== null && firstSends.length >= most && isPoor(firstSends.length);
  if (!isProbed) return { kind: "pass" };
  const undecided = firstSends.filter((at) => at > now - GRACE_MS);
  const waitMs = Math.min(...undecided) + GRACE_MS - now;
  return { kind: "held", by: "prefix", waitMs, starts: null };
}

/** When each other number that has not verified was first sent to, in milliseconds since 1970. */
function unverified(send: GuardedSend, { prefix }: GuardEvidence, since: number): readonly number[] {
  const verified = new Set(prefix.verified.filter(({ at }) => at >= since).map(({ line }) => line));
  const firstSends = new Map<WatchedSend["line"], number>();
  for (const { line, at } of prefix.sends) {
    if (at < since || line === send.line || verified.has(line)) continue;
    firstSends.set(line, Math.min(at, firstSends.get(line) ?? at));
  }
  return [...firstSends.values()];
}

/** Somebody has verified from there, and of those who ask from there enough do. */
function isGood(
  { isKnown, windows, running, verified }: GuardEvidence["network"],
  policy: GuardPolicy,
): boolean {
  const sent = windows.reduce((sum, one) => sum + one.sent, running);
  const isFew = sent < policy.guardSendsPerNetwork;
  return isKnown && (isFew || verified * 100 >= policy.guardCountryConversionPercent * sent);
}

function judgeCountry(send: GuardedSend, { country }: GuardEvidence, policy: GuardPolicy): GuardVerdict {
  const { hold, windows, running, verified } = country;
  const heldUntil = endOf(hold, policy);
  if (send.now < heldUntil)
    return { kind: "held", by: "country", waitMs: heldUntil - send.now, starts: null };
  const sent = windows
    .filter(({ startedAt }) => startedAt + WINDOW_MS > heldUntil)
    .reduce((sum, one) => sum + one.sent, 0);
  const isPoor = (sends: number) => verified * 100 < policy.guardCountryConversionPercent * sends;
  const most =
    hold === null ? policy.guardSendsPerCountry : Math.ceil(policy.guardSendsPerCountry / AFTER_HOLD);
  if (sent >= most && isPoor(sent)) return startHold("country", send, { hold, policy });
  // After a hold a few are let through in each window, and the next waits for what becomes of them.
  const isProbed = hold !== null && sent + running >= most && isPoor(sent + running);
  if (!isProbed) return { kind: "pass" };
  return { kind: "held", by: "country", waitMs: WINDOW_MS - (send.now % WINDOW_MS), starts: null };
}

function startHold(
  by: WatchScope,
  { now }: GuardedSend,
  { hold, policy }: { readonly hold: Hold | null; readonly policy: GuardPolicy },
): GuardVerdict {
  const starts = { level: (hold?.level ?? 0) + 1, startedAt: now };
  return { kind: "held", by, waitMs: endOf(starts, policy) - now, starts };
}

/** Each hold is twice as long as the one before it, a day at most, and ends by itself. */
function endOf(hold: Hold | null, policy: GuardPolicy): number {
  if (hold === null) return 0;
  return hold.startedAt + Math.min(DAY_MS, policy.guardHoldSeconds * 1000 * 2 ** (hold.level - 1));
}
