import { toHex } from "./bytes.ts";

/** Where a request stands in its caller's distributed trace (W3C Trace Context). */
export interface TraceContext {
  readonly traceId: string;
  /** Two hex digits. */
  readonly flags: string;
  /** `tracestate` as it came, or null. */
  readonly state: string | null;
}

/** The headers of one request to an upstream; each call makes a span of its own. Empty without a trace. */
export type SpanHeaders = () => Readonly<Record<string, string>>;

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?$/;
/** `sampled`, and `random-trace-id` of level 2; all others are reserved, and are passed on as 0. */
const KNOWN_FLAGS = 0b11;

const MOST_STATE_CHARACTERS = 512;
const KEY = "[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}";
const MEMBER = new RegExp(`^(?:${KEY})=[ -+\\--<>-~]{0,255}[!-+\\--<>-~]$`);

/**
 * Reads `traceparent` by its version 00, and a later version as far as 00 knows it (section 4.3); null where there is
 * none, or none that is valid. What is wrong with `tracestate` costs only that.
 */
export function parseTraceContext(
  traceparent: string | undefined,
  tracestate: string | undefined,
): TraceContext | null {
  const [, version, traceId, flags = "", rest] = TRACEPARENT.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || (version === "00" && rest !== undefined)) return null;
  const known = (Number.parseInt(flags, 16) & KNOWN_FLAGS).toString(16).padStart(2, "0");
  return { traceId, flags: known, state: parseState(tracestate ?? "") };
}

function parseState(text: string): string | null {
  if (text.length > MOST_STATE_CHARACTERS) return null;
  const members = text.split(",").flatMap((member) => member.replace(/^[ \t]+|[ \t]+$/g, "") || []);
  const keys = new Set(members.map((member) => member.split("=")[0]));
  const isValid = members.length > 0 && members.length <= 32 && members.length === keys.size;
  return isValid && members.every((member) => MEMBER.test(member)) ? text : null;
}

/** Nobody's trace is made up: without one, nothing is passed on. */
export function createSpanHeaders(
  context: TraceContext | null,
  random: (length: number) => Uint8Array,
): SpanHeaders {
  if (context === null) return () => ({});
  const { traceId, flags, state } = context;
  return () => ({
    traceparent: `00-${traceId}-${toHex(random(8))}-${flags}`,
    ...(state === null ? {} : { tracestate: state }),
  });
}

/** For the log, unless it is a number of few digits with zeros before it, which could be a phone's. */
export function loggableTraceId({ traceId }: TraceContext): string | undefined {
  return /^0{17}\d+$/.test(traceId) ? undefined : traceId;
}
