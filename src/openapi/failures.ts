import * as z from "zod/mini";
import type { ErrorCode } from "../errors.ts";
import type { LimitName } from "../limits/limit.ts";
import type { HeaderName } from "./headers.ts";

/** One error code, as callers are told of it. */
export interface Failure {
  /** When it happens, and what a caller does then. */
  readonly when: string;
  /** Fields beside `code`, `message` and `requestId`, each with its words in `fields`. */
  readonly extra?: z.ZodMiniObject;
  readonly fields?: Readonly<Record<string, string>>;
  /** Headers beside those of every answer. */
  readonly headers?: readonly HeaderName[];
  /** The extra fields of the example. */
  readonly example?: Readonly<Record<string, unknown>>;
}

const limitNames = [
  "resendAfterSeconds",
  "sendsPerHour",
  "sendsPerDay",
  "sendsPerDayPerNumber",
  "sendsPerDayReserve",
  "sendsPerHourPerIp",
  "verifiesPerHourPerIp",
  "smsPerDay",
  "smsPerDayPerCountry",
  "smsPerDayPerRole",
  "guard",
  "RATE_LIMITER",
] as const satisfies readonly (LimitName | "RATE_LIMITER")[];

const wait = z.int().check(z.gte(1));
const WAIT = "Seconds to wait, rounded up, as in Retry-After.";

/** Every error code, with what stands beside it. A code that is added to `ERRORS` does not compile until it stands here. */
export const failures = {
  INVALID_REQUEST: {
    when: "The body is not the schema or repeats a field, or a header is malformed.",
    extra: z.object({ fields: z.array(z.object({ path: z.string(), message: z.string() })) }),
    fields: { fields: "By field; an empty path is the body as a whole." },
    example: { fields: [{ path: "phone", message: "phone must be a text" }] },
  },
  INVALID_PHONE: { when: "There is no such number." },
  COUNTRY_NOT_ALLOWED: { when: "The role does not serve this country." },
  NUMBER_NOT_ALLOWED: { when: "A landline, premium, VoIP or other number that takes no SMS." },
  ACCOUNT_SUSPENDED: { when: "The company's directory says so." },
  OTP_INVALID: {
    when: "A wrong code.",
    extra: z.object({ attemptsRemaining: z.int().check(z.gte(0)) }),
    fields: { attemptsRemaining: "With 0, ask for a new code." },
    example: { attemptsRemaining: 4 },
  },
  OTP_EXPIRED: {
    when: "No live code: expired, replaced, used, or not this person's. Ask for a new one.",
  },
  OTP_MAX_ATTEMPTS: {
    when: "No guesses left, not even for the right code. Ask for a new one.",
    extra: z.object({ attemptsRemaining: z.literal(0) }),
    fields: { attemptsRemaining: "" },
    example: { attemptsRemaining: 0 },
  },
  OTP_RATE_LIMIT_EXCEEDED: {
    when: "A limit. Count down `retryAfterMs`.",
    extra: z.object({ limit: z.enum(limitNames), retryAfterMs: wait, retryAfter: wait }),
    fields: {
      limit: "The one that makes the caller wait longest.",
      retryAfterMs: "Milliseconds to wait.",
      retryAfter: WAIT,
    },
    headers: ["Retry-After", "RateLimit", "RateLimit-Policy"],
    example: { limit: "resendAfterSeconds", retryAfterMs: 29_412, retryAfter: 30 },
  },
  REQUEST_IN_PROGRESS: {
    when: "The same Idempotency-Key is still running. Repeat it after the wait.",
    extra: z.object({ retryAfter: wait }),
    fields: { retryAfter: WAIT },
    headers: ["Retry-After"],
    example: { retryAfter: 2 },
  },
  UNAUTHORIZED: {
    when: "Access token missing or no good; refresh token unknown, expired, ended or stolen.",
    headers: ["WWW-Authenticate"],
  },
  OTP_SEND_FAILED: { when: "The SMS service refused this message or number." },
  SERVICE_UNAVAILABLE: {
    when: "An upstream is down or slow. Repeat after the wait, with the same Idempotency-Key.",
    extra: z.object({ upstream: z.enum(["store", "sms", "directory", "turnstile"]), retryAfter: wait }),
    fields: { upstream: "", retryAfter: WAIT },
    headers: ["Retry-After"],
    example: { upstream: "store", retryAfter: 2 },
  },
  MISCONFIGURED: { when: "The service's configuration is wrong." },
  BODY_TOO_LARGE: { when: "More than 16 KiB." },
  UNSUPPORTED_MEDIA_TYPE: { when: "Not declared as application/json." },
  NOT_FOUND: { when: "Nothing of that name." },
  METHOD_NOT_ALLOWED: { when: "Another method.", headers: ["Allow"] },
  INTERNAL_ERROR: { when: "A defect of the service." },
} as const satisfies Record<ErrorCode, Failure>;

type ExtraSchema<C extends ErrorCode> = Extract<(typeof failures)[C], { readonly extra: unknown }>["extra"];

/** What an error has beside `code`, `message` and `requestId`. */
export type Extra<C extends ErrorCode> = [ExtraSchema<C>] extends [never] ? unknown : z.infer<ExtraSchema<C>>;
