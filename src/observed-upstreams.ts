import type { createDirectory } from "./directory/https.ts";
import type { AskDirectory } from "./directory/port.ts";
import type { Trace } from "./log.ts";
import type { SendSms } from "./sms/port.ts";
import { StoreUnavailable } from "./store/port.ts";
import type { Transact } from "./store/transaction.ts";
import type { SpanHeaders } from "./trace-context.ts";
import type { CheckTurnstile } from "./turnstile/port.ts";

/** Upstreams whose times and failures go into the trace of one request. */
export function observeStore(transact: Transact, trace: Trace, spanHeaders: SpanHeaders): Transact {
  return async (commands) => {
    const startedAt = Date.now();
    trace.storeRequests += 1;
    try {
      return await transact(commands, spanHeaders());
    } catch (error) {
      trace.storeFailures.push(error instanceof StoreUnavailable ? error.reason : "bug");
      throw error;
    } finally {
      trace.storeMs += Date.now() - startedAt;
    }
  };
}

export function observeDirectory(
  ask: ReturnType<typeof createDirectory>,
  trace: Trace,
  spanHeaders: SpanHeaders,
): AskDirectory {
  return async (query) => {
    const startedAt = Date.now();
    const answer = await ask(query, spanHeaders());
    trace.directoryMs = Date.now() - startedAt;
    trace.directory = answer.kind === "unavailable" ? answer.reason : answer.kind;
    return answer;
  };
}

export function observeTurnstile(check: CheckTurnstile, trace: Trace): CheckTurnstile {
  return async (query) => {
    const verdict = await check(query);
    trace.turnstile = verdict.kind === "passed" ? verdict.kind : verdict.reason;
    return verdict;
  };
}

/** No trace is passed on to SNS: AWS joins none, and a proxy that did would break the signature over its headers. */
export function observeSms(sms: SendSms, trace: Trace): SendSms {
  return async (message) => {
    const startedAt = Date.now();
    const outcome = await sms(message);
    trace.smsMs += Date.now() - startedAt;
    return outcome;
  };
}
