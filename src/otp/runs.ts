import type { OpenSend, SendOutcome, SendRun, Store } from "../store/port.ts";

/** Whose a send under an `Idempotency-Key` is. */
export type Run =
  | { readonly kind: "ours" }
  | { readonly kind: "running"; readonly waitMs: number }
  | { readonly kind: "ended"; readonly outcome: Exclude<SendOutcome, { kind: "failed" }> };

const POLL_MS = 1000;

/**
 * Of any number of executions of one send, one at a time owns it. A run that failed, or that has no ending after its
 * time, is taken over by one successor, so that a dead invocation does not answer 409 for ever.
 */
export async function ownRun(
  send: OpenSend,
  runs: readonly SendRun[],
  deps: { readonly store: Pick<Store, "takeOverSend">; readonly runTimeoutMs: number },
): Promise<Run> {
  const last = runs.at(-1);
  if (last === undefined || last.invocation.id === send.invocation.id) return { kind: "ours" };
  if (last.outcome !== null && last.outcome.kind !== "failed")
    return { kind: "ended", outcome: last.outcome };
  const isDead = send.now - last.invocation.startedAt > deps.runTimeoutMs;
  if (last.outcome === null && !isDead) return { kind: "running", waitMs: POLL_MS };
  const successor = (await deps.store.takeOverSend(send, last.invocation)).at(-1);
  return successor?.invocation.id === send.invocation.id
    ? { kind: "ours" }
    : { kind: "running", waitMs: POLL_MS };
}
