import type { PhoneRefusal } from "./phone.ts";
import type { SendRefusal } from "./otp/send.ts";
import type { VerifyRefusal } from "./otp/verify.ts";
import type { RefreshResult } from "./sessions/refresh.ts";
import type { SignInResult } from "./sessions/sign-in.ts";
import type { TurnstileVerdict } from "./turnstile/port.ts";

/** Codes are for programs and never change; messages are for the person at the wheel. */
export const ERRORS = {
  INVALID_REQUEST: {
    status: 400,
    message: "The request is not complete. Please update the app and try again.",
  },
  INVALID_PHONE: { status: 400, message: "This is not a valid phone number. Please check it and try again." },
  COUNTRY_NOT_ALLOWED: { status: 403, message: "We do not send codes to this country yet." },
  NUMBER_NOT_ALLOWED: {
    status: 403,
    message: "Please use a mobile number. We cannot send a code to this one.",
  },
  ACCOUNT_SUSPENDED: {
    status: 403,
    message: "Your account is suspended. Please contact support.",
  },
  OTP_INVALID: { status: 400, message: "This code is not right. Please check the SMS and try again." },
  OTP_EXPIRED: { status: 400, message: "This code is no longer valid. Please ask for a new one." },
  OTP_MAX_ATTEMPTS: { status: 400, message: "Too many wrong codes. Please ask for a new one." },
  OTP_RATE_LIMIT_EXCEEDED: { status: 429, message: "Too many requests. Please wait a little and try again." },
  REQUEST_IN_PROGRESS: { status: 409, message: "Your request is being worked on. Please wait a moment." },
  UNAUTHORIZED: { status: 401, message: "Please sign in again." },
  OTP_SEND_FAILED: {
    status: 502,
    message: "We could not send an SMS to this number. Please check it and try again.",
  },
  SERVICE_UNAVAILABLE: { status: 503, message: "The service is busy. Please try again in a moment." },
  MISCONFIGURED: { status: 503, message: "The service is not available. Please try again later." },
  BODY_TOO_LARGE: { status: 413, message: "The request is too large." },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: "The request must be JSON." },
  NOT_FOUND: { status: 404, message: "There is nothing at this address." },
  METHOD_NOT_ALLOWED: { status: 405, message: "This address does not answer to this method." },
  INTERNAL_ERROR: { status: 500, message: "Something went wrong on our side. Please try again." },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Why the domain refuses, to what a caller may know: many to few. */
export const PUBLIC = {
  invalid_phone: "INVALID_PHONE",
  country_not_allowed: "COUNTRY_NOT_ALLOWED",
  number_not_allowed: "NUMBER_NOT_ALLOWED",
  over_limit: "OTP_RATE_LIMIT_EXCEEDED",
  in_progress: "REQUEST_IN_PROGRESS",
  sms_rejected: "OTP_SEND_FAILED",
  sms_unavailable: "SERVICE_UNAVAILABLE",
  wrong_guess: "OTP_INVALID",
  out_of_guesses: "OTP_MAX_ATTEMPTS",
  forged: "OTP_EXPIRED",
  expired: "OTP_EXPIRED",
  no_code: "OTP_EXPIRED",
  replaced: "OTP_EXPIRED",
  used: "OTP_EXPIRED",
  session_over: "OTP_EXPIRED",
  account_suspended: "ACCOUNT_SUSPENDED",
  directory_unavailable: "SERVICE_UNAVAILABLE",
  turnstile_refused: "INVALID_REQUEST",
  turnstile_unavailable: "SERVICE_UNAVAILABLE",
  no_token: "UNAUTHORIZED",
  no_session: "UNAUTHORIZED",
  session_ended: "UNAUTHORIZED",
  session_stolen: "UNAUTHORIZED",
  token_stolen: "UNAUTHORIZED",
} as const satisfies Record<Reason, ErrorCode>;

type Reason =
  | PhoneRefusal
  | SendRefusal["reason"]
  | VerifyRefusal["reason"]
  | Extract<SignInResult, { ok: false }>["reason"]
  | `turnstile_${Exclude<TurnstileVerdict["kind"], "passed">}`
  | Extract<RefreshResult, { ok: false }>["reason"];
