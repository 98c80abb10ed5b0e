import type { Trace } from "./log.ts";

/** `Server-Timing` (W3C): which upstreams a request waited for and how long, in milliseconds. */
export function serverTiming(trace: Trace): string {
  const waits = [
    ["store", trace.storeRequests > 0, trace.storeMs],
    ["sms", trace.sms.length > 0, trace.smsMs],
    ["directory", trace.directoryMs !== undefined, trace.directoryMs],
    ["total", true, trace.durationMs],
  ] as const;
  return waits.flatMap(([name, isAsked, ms]) => (isAsked ? `${name};dur=${ms ?? 0}` : [])).join(", ");
}
