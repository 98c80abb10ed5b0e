/** Failures in a row after which a region is left alone. */
const FAILURES_TO_OPEN = 5;
/** For how long at first, and at most: each failed probe doubles it. Milliseconds. */
const FIRST_SPAN_MS = 30_000;
const LONGEST_SPAN_MS = 300_000;
/** A probe whose end nobody tells frees its place after this; no publish takes longer. */
const PROBE_MS = 60_000;

/** What an isolate knows of one region. Half-open has one probe on its way. */
export type Circuit =
  | { readonly kind: "closed"; readonly failures: number }
  | { readonly kind: "open"; readonly until: number; readonly spanMs: number }
  | { readonly kind: "half_open"; readonly until: number; readonly spanMs: number };

/** What a publish is to the circuit: made past an open one, as the last that was left, its failure proves nothing new. */
export type Attempt = "usual" | "probe" | "last_resort";

export const CLOSED: Circuit = { kind: "closed", failures: 0 };

/** What a publish would be now; a region that would be a last resort is passed over where there is another. */
export function attemptOf(circuit: Circuit, now: number): Attempt {
  if (circuit.kind === "closed") return "usual";
  return now >= circuit.until ? "probe" : "last_resort";
}

export function afterBegin(circuit: Circuit, attempt: Attempt, now: number): Circuit {
  if (circuit.kind === "closed" || attempt !== "probe") return circuit;
  return { kind: "half_open", until: now + PROBE_MS, spanMs: circuit.spanMs };
}

/** `failed`: the region did not send, or stayed silent. A refusal of one message is an answer like another. */
export function afterEnd(
  circuit: Circuit,
  { attempt, failed }: { readonly attempt: Attempt; readonly failed: boolean },
  now: number,
): Circuit {
  if (!failed) return CLOSED;
  if (circuit.kind === "closed") {
    const failures = circuit.failures + 1;
    return failures < FAILURES_TO_OPEN ? { kind: "closed", failures } : openFor(FIRST_SPAN_MS, now);
  }
  if (circuit.kind === "open" || attempt !== "probe") return circuit;
  return openFor(Math.min(2 * circuit.spanMs, LONGEST_SPAN_MS), now);
}

/** As an operator reads it: open until a probe may go. */
export function stateOf(circuit: Circuit, now: number): Circuit["kind"] {
  return circuit.kind === "open" && now >= circuit.until ? "half_open" : circuit.kind;
}

function openFor(spanMs: number, now: number): Circuit {
  return { kind: "open", until: now + spanMs, spanMs };
}
