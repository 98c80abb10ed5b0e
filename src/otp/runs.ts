import type { InvocationId } from "../ids.ts";
import type { Invocation, SendOutcome, SendRun } from "../store/send-port.ts";

/** Whose a send under an `Idempotency-Key` is. */
export type Run =
  | { readonly kind: "ours" }
  /** Nobody's any more: it may be taken over from its last invocation. */
  | { readonly kind: "free"; readonly from: Invocation }
  | { readonly kind: "running"; readonly waitMs: number }
  | { readonly kind: "ended"; readonly outcome: SentOutcome };

export type SentOutcome = Exclude<SendOutcome, { readonly kind: "failed" }>;

export const POLL_MS = 1000;

/**
 * Of any number of executions of one send, one at a time owns it. One that failed, that has no ending after its time, or
 * whose code is out of time gives way to one successor, so that a dead invocation does not answer 409 for ever.
 */
export function runOf(
  own: Invocation,
  runs: readonly SendRun[],
  judged: {
    readonly now: number;
    readonly runTimeoutMs: number;
    /** Known to have sent nothing, whether or not the store has heard of it. */
    readonly neverSent: ReadonlySet<InvocationId>;
    readonly isInTime: (sent: SentOutcome) => boolean;
  },
): Run {
  const last = runs.at(-1);
  if (last === undefined || last.invocation.id === own.id) return { kind: "ours" };
  const { invocation, outcome } = last;
  if (outcome === null) {
    const isDead =
      judged.neverSent.has(invocation.id) || judged.now - invocation.startedAt > judged.runTimeoutMs;
    return isDead ? { kind: "free", from: invocation } : { kind: "running", waitMs: POLL_MS };
  }
  return outcome.kind !== "failed" && judged.isInTime(outcome)
    ? { kind: "ended", outcome }
    : { kind: "free", from: invocation };
}
