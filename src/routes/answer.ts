import type { TypedResponse } from "hono";
import type { ErrorCode } from "../errors.ts";
import { ERRORS } from "../errors.ts";
import type { Extra } from "../openapi/failures.ts";
import type { AppContext } from "./env.ts";

/** The envelope of every success. */
export function succeed<const T extends object>(c: AppContext, data: T) {
  return c.json({ success: true, data } as const, 200);
}

/** `data.error` of every failure. */
export type ErrorBody<C extends ErrorCode> = {
  readonly code: C;
  readonly message: string;
  readonly requestId: string;
} & Extra<C>;

/** The envelope of every failure, one type a code. */
export type Refusal<C extends ErrorCode> = C extends ErrorCode
  ? Response &
      TypedResponse<
        { readonly success: false; readonly error: ErrorBody<C> },
        (typeof ERRORS)[C]["status"],
        "json"
      >
  : never;

interface AnyDetails {
  /** For the log. */
  readonly reason: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message?: string;
  /** Milliseconds; told as `retryAfter` and `Retry-After` in whole seconds, rounded up so as never to be early. */
  readonly retryAfterMs?: number;
  /** Fields beside `code`, `message` and `requestId`. */
  readonly extra?: object;
}

/** What a code has beside it, and no other. */
export type RefusalDetails<C extends ErrorCode> = Omit<AnyDetails, "retryAfterMs" | "extra"> &
  ("retryAfter" extends keyof Extra<C> ? { readonly retryAfterMs: number } : unknown) &
  (Exclude<keyof Extra<C>, "retryAfter"> extends never
    ? unknown
    : { readonly extra: Omit<Extra<C>, "retryAfter"> });

/** The envelope of every failure. */
export function refuse<C extends ErrorCode>(c: AppContext, code: C, details: RefusalDetails<C>): Refusal<C>;
export function refuse(c: AppContext, code: ErrorCode, details: AnyDetails): Response {
  const { status, message } = ERRORS[code];
  const retryAfter =
    details.retryAfterMs === undefined ? undefined : Math.max(1, Math.ceil(details.retryAfterMs / 1000));
  const trace = c.get("trace");
  trace.outcome = code;
  trace.reason = details.reason;
  for (const [name, value] of Object.entries(details.headers ?? {})) c.header(name, value);
  if (retryAfter !== undefined) c.header("Retry-After", String(retryAfter));
  const error = {
    code,
    message: details.message ?? message,
    requestId: trace.requestId,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...details.extra,
  };
  return c.json({ success: false, error } as const, status);
}
