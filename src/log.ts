import type { BudgetWarning } from "./limits/budget-warnings.ts";

/** What one request was, collected while it runs. Whatever stands here is written down: no number, code, token, secret. */
export interface Trace {
  readonly requestId: string;
  /** Of the caller's own distributed trace. */
  traceId?: string | undefined;
  readonly method: string;
  /** The route's pattern, never the path that was asked for. */
  route: string;
  role?: string;
  country?: string;
  /** Masked. */
  phone?: string;
  status: number;
  /** `ok`, or the public error code. */
  outcome: string;
  /** Why, in the words of the code: finer than the outcome, for the operator alone. */
  reason?: string;
  /** Milliseconds. */
  durationMs?: number;
  storeMs: number;
  storeRequests: number;
  /** Each failure of a store request, in order. */
  storeFailures: string[];
  smsMs: number;
  /** Each SNS publish, as `region:outcome`, and each region that was passed over, as `region:skipped`. */
  sms: string[];
  /** A send that the guard holds: `held:prefix`, `held:country`, or `would_hold:` and the same where it is not enforced. */
  guard?: string;
  /** A test number: no SMS was sent. */
  testNumber?: true;
  /** What the SMS costs by `POLICY.smsPricesUsd`, in millionths of a US dollar. */
  smsPriceMicroUsd?: number;
  /** `record`, `suspended`, or why the company's directory gave no answer. */
  directory?: string;
  directoryMs?: number;
  /** `passed`, or why a token of Turnstile was refused or could not be checked. */
  turnstile?: string;
  /** Of `RATE_LIMITER`, unless it let the request through as it should. */
  rateLimiter?: "refused" | "failed";
  /** Work after the response that failed. */
  deferredFailures: string[];
  /** Names of bindings and what they want, never what they hold. */
  problems?: readonly { readonly binding: string; readonly wants: string }[];
}

export function createTrace(requestId: string, method: string): Trace {
  return {
    requestId,
    method,
    route: "none",
    status: 0,
    outcome: "ok",
    storeMs: 0,
    storeRequests: 0,
    storeFailures: [],
    smsMs: 0,
    sms: [],
    deferredFailures: [],
  };
}

/** One line of JSON a request; empty lists are left out. */
export function writeLog(trace: Trace): void {
  const entries = Object.entries(trace).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  writeLine(Object.fromEntries(entries));
}

/** A line of its own for what the operator must not miss, and no request's. */
export function writeBudgetWarning(warning: BudgetWarning): void {
  writeLine({ event: "sms_budget", ...warning });
}

function writeLine(line: object): void {
  // oxlint-disable-next-line no-console -- the one place that logs
  console.log(JSON.stringify(line));
}

/** With dashes as RFC 9562 has them, or without, as proxies make them. */
const UUID = /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i;

/** The caller's, if it is sane and holds nothing that could be a phone number; else one of our own. */
export function requestIdOf(header: string | undefined): string {
  if (header === undefined) return crypto.randomUUID();
  const isSane = /^[A-Za-z0-9._:-]{1,128}$/.test(header) && !/(\d[._:-]*){7}/.test(header);
  // Digits alone are no random UUID, but could be a padded number.
  const isUuid = UUID.test(header) && /[a-f]/i.test(header);
  return isSane || isUuid ? header : crypto.randomUUID();
}
