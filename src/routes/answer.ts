import type { ErrorCode } from "../errors.ts";
import { ERRORS } from "../errors.ts";
import type { AppContext } from "./env.ts";

/** The envelope of every success. */
export function succeed<T extends object>(c: AppContext, data: T) {
  return c.json({ success: true, data } as const);
}

export interface RefusalDetails {
  /** For the log. */
  readonly reason: string;
  /** Fields beside `code`, `message` and `requestId`. */
  readonly extra?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds; told as `retryAfter` and `Retry-After` in whole seconds, rounded up so as never to be early. */
  readonly retryAfterMs?: number;
  readonly message?: string;
}

/** The envelope of every failure. */
export function refuse(c: AppContext, code: ErrorCode, details: RefusalDetails) {
  const { status, message } = ERRORS[code];
  const retryAfter =
    details.retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(details.retryAfterMs / 1000));
  c.var.trace.outcome = code;
  c.var.trace.reason = details.reason;
  for (const [name, value] of Object.entries(details.headers ?? {})) c.header(name, value);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  const error = {
    code,
    message: details.message ?? message,
    requestId: c.var.trace.requestId,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...details.extra,
  };
  return c.json({ success: false, error } as const, status);
}
