/*
 * It needs `hono` and nothing else of this repository, so that it can be copied into any project. `npm run openapi` makes
 * the types at its end.
 */
import type { Hono } from "hono";
import type { ClientRequestOptions } from "hono/client";
import { hc } from "hono/client";
import type { BlankEnv } from "hono/types";

export type Client = ReturnType<typeof hc<Hono<BlankEnv, Api>>>;

/**
 * The API at `baseUrl`: `client.api.v1.auth["send-otp"].$post({ json: { phone } })`. A refusal is an answer like any
 * other; only a network that fails rejects.
 */
export function createClient(baseUrl: string, options: ClientRequestOptions = {}): Client {
  return hc<Hono<BlankEnv, Api>>(baseUrl, options);
}

type Answer<Input, Status, Output, Format = "json"> = {
  input: Input;
  output: Output;
  outputFormat: Format;
  status: Status;
};

export interface Success<T> {
  readonly success: true;
  readonly data: T;
}

/** The body of a failure, one type a code. */
export type Failure<E extends { readonly code: string }> = E extends unknown
  ? { readonly success: false; readonly error: E }
  : never;

type Refused<Input, E extends { readonly code: keyof Statuses }> = E extends unknown
  ? Answer<Input, Statuses[E["code"]], Failure<E>>
  : never;

/* From here on made from src/openapi/document.json. */

interface Statuses {
  readonly INVALID_REQUEST: 400;
  readonly INVALID_PHONE: 400;
  readonly COUNTRY_NOT_ALLOWED: 403;
  readonly NUMBER_NOT_ALLOWED: 403;
  readonly ACCOUNT_SUSPENDED: 403;
  readonly OTP_INVALID: 400;
  readonly OTP_EXPIRED: 400;
  readonly OTP_MAX_ATTEMPTS: 400;
  readonly OTP_RATE_LIMIT_EXCEEDED: 429;
  readonly REQUEST_IN_PROGRESS: 409;
  readonly UNAUTHORIZED: 401;
  readonly OTP_SEND_FAILED: 502;
  readonly SERVICE_UNAVAILABLE: 503;
  readonly MISCONFIGURED: 503;
  readonly BODY_TOO_LARGE: 413;
  readonly UNSUPPORTED_MEDIA_TYPE: 415;
  readonly NOT_FOUND: 404;
  readonly METHOD_NOT_ALLOWED: 405;
  readonly INTERNAL_ERROR: 500;
}

export interface LogoutRequest {
  readonly refreshToken?: string | null | undefined;
  /** All sessions of the person in this role. */
  readonly everywhere?: boolean | null | undefined;
}

export interface RefreshRequest {
  readonly refreshToken: string;
}

export interface SendOtpRequest {
  /** E.164, or national in the role's default country; spaces, dashes and brackets do not matter. */
  readonly phone: string;
  /** The app to sign in to; absent, the default. */
  readonly role?: string | null | undefined;
  /** Another name for role. */
  readonly app?: string | null | undefined;
  /** BCP 47. */
  readonly locale?: string | null | undefined;
  /** Of an earlier sign-in. */
  readonly refreshToken?: string | null | undefined;
  /** From Cloudflare Turnstile, where the role asks for one. */
  readonly turnstileToken?: string | null | undefined;
}

export interface VerifyOtpRequest {
  /** As in send-otp. */
  readonly phone: string;
  /** In any digits; spaces and dashes do not matter. */
  readonly otp: string;
  /** As in send-otp. */
  readonly role?: string | null | undefined;
  /** Another name for role. */
  readonly app?: string | null | undefined;
  /** From send-otp. A role may require it. */
  readonly challengeId?: string | null | undefined;
  /** For the list of sessions. */
  readonly deviceId?: string | null | undefined;
  /** For the list of sessions. */
  readonly deviceName?: string | null | undefined;
}

export interface INVALID_REQUEST {
  readonly code: "INVALID_REQUEST";
  readonly message: string;
  readonly requestId: string;
  /** By field; an empty path is the body as a whole. */
  readonly fields: readonly { readonly path: string; readonly message: string }[];
}

export interface INVALID_PHONE {
  readonly code: "INVALID_PHONE";
  readonly message: string;
  readonly requestId: string;
}

export interface COUNTRY_NOT_ALLOWED {
  readonly code: "COUNTRY_NOT_ALLOWED";
  readonly message: string;
  readonly requestId: string;
}

export interface NUMBER_NOT_ALLOWED {
  readonly code: "NUMBER_NOT_ALLOWED";
  readonly message: string;
  readonly requestId: string;
}

export interface ACCOUNT_SUSPENDED {
  readonly code: "ACCOUNT_SUSPENDED";
  readonly message: string;
  readonly requestId: string;
}

export interface OTP_INVALID {
  readonly code: "OTP_INVALID";
  readonly message: string;
  readonly requestId: string;
  /** With 0, ask for a new code. */
  readonly attemptsRemaining: number;
}

export interface OTP_EXPIRED {
  readonly code: "OTP_EXPIRED";
  readonly message: string;
  readonly requestId: string;
}

export interface OTP_MAX_ATTEMPTS {
  readonly code: "OTP_MAX_ATTEMPTS";
  readonly message: string;
  readonly requestId: string;
  readonly attemptsRemaining: 0;
}

export interface OTP_RATE_LIMIT_EXCEEDED {
  readonly code: "OTP_RATE_LIMIT_EXCEEDED";
  readonly message: string;
  readonly requestId: string;
  /** The one that makes the caller wait longest. */
  readonly limit:
    | "resendAfterSeconds"
    | "sendsPerHour"
    | "sendsPerDay"
    | "sendsPerDayPerNumber"
    | "sendsPerDayReserve"
    | "sendsPerHourPerIp"
    | "verifiesPerHourPerIp"
    | "smsPerDay"
    | "smsPerDayPerCountry"
    | "smsPerDayPerRole"
    | "guard"
    | "RATE_LIMITER";
  /** Milliseconds to wait. */
  readonly retryAfterMs: number;
  /** Seconds to wait, rounded up, as in Retry-After. */
  readonly retryAfter: number;
}

export interface REQUEST_IN_PROGRESS {
  readonly code: "REQUEST_IN_PROGRESS";
  readonly message: string;
  readonly requestId: string;
  /** Seconds to wait, rounded up, as in Retry-After. */
  readonly retryAfter: number;
}

export interface UNAUTHORIZED {
  readonly code: "UNAUTHORIZED";
  readonly message: string;
  readonly requestId: string;
}

export interface OTP_SEND_FAILED {
  readonly code: "OTP_SEND_FAILED";
  readonly message: string;
  readonly requestId: string;
}

export interface SERVICE_UNAVAILABLE {
  readonly code: "SERVICE_UNAVAILABLE";
  readonly message: string;
  readonly requestId: string;
  readonly upstream: "store" | "sms" | "directory" | "turnstile";
  /** Seconds to wait, rounded up, as in Retry-After. */
  readonly retryAfter: number;
}

export interface MISCONFIGURED {
  readonly code: "MISCONFIGURED";
  readonly message: string;
  readonly requestId: string;
}

export interface BODY_TOO_LARGE {
  readonly code: "BODY_TOO_LARGE";
  readonly message: string;
  readonly requestId: string;
}

export interface UNSUPPORTED_MEDIA_TYPE {
  readonly code: "UNSUPPORTED_MEDIA_TYPE";
  readonly message: string;
  readonly requestId: string;
}

export interface NOT_FOUND {
  readonly code: "NOT_FOUND";
  readonly message: string;
  readonly requestId: string;
}

export interface METHOD_NOT_ALLOWED {
  readonly code: "METHOD_NOT_ALLOWED";
  readonly message: string;
  readonly requestId: string;
}

export interface INTERNAL_ERROR {
  readonly code: "INTERNAL_ERROR";
  readonly message: string;
  readonly requestId: string;
}

export interface LogoutAnswer {
  readonly message: "Logged out successfully";
}

export interface User {
  /** Stable and opaque, or the directory's own. */
  readonly id: string;
  /** National in the role's default country, else E.164. */
  readonly phone: string;
  readonly role: string;
  /** As the company's directory says, and so all below. */
  readonly isProfileComplete: boolean;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly company?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string | undefined;
}

export interface Tokens {
  /** A JWT (RFC 9068) that backends check by /.well-known/jwks.json. */
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly tokenType: "Bearer";
  /** Seconds, if it is not used. */
  readonly refreshExpiresIn: number;
}

export interface MeAnswer {
  readonly user: User;
}

export interface SendOtpAnswer {
  readonly message: string;
  /** Seconds; of a resend, what is left. */
  readonly expiresIn: number;
  /** To be sent with the code, so that nobody else's guesses count. */
  readonly challengeId: string;
  /** Seconds. */
  readonly resendIn: number;
  readonly codeLength: number;
  /** `unconfirmed`: the SMS may be on its way. */
  readonly delivery: "accepted" | "unconfirmed";
}

export interface Jwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

export interface JwkSet {
  /** The first signs. */
  readonly keys: readonly Jwk[];
}

export interface HealthAnswer {
  readonly status: "ok";
}

export interface StoreLatency {
  readonly latencyMs: number;
}

export interface SmsCircuits {
  /** `open`: it has failed, and is passed over for a while. */
  readonly regions: { readonly [name: string]: "closed" | "half_open" | "open" };
}

export interface ReadyAnswer {
  readonly status: "ready";
  readonly store: StoreLatency;
  /** As this isolate has seen it. */
  readonly sms: SmsCircuits;
}

export interface Session {
  /** As in its access tokens. */
  readonly sid: string;
  readonly role: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  /** As in verify-otp. */
  readonly deviceId: string | null;
  /** As in verify-otp. */
  readonly deviceName: string | null;
  /** A family, such as `okhttp`, or `other`. */
  readonly userAgent: string;
  /** The one that asks. */
  readonly current: boolean;
}

export interface SessionsAnswer {
  /** The last used first. */
  readonly sessions: readonly Session[];
}

export interface EndSessionAnswer {
  readonly message: "The session has ended.";
}

export interface VerifyOtpAnswer {
  readonly verified: true;
  readonly user: User;
  readonly isNewUser: boolean;
  readonly preferredLanguage?: string | undefined;
  readonly tokens: Tokens;
}

/** Every route by its path and method. */
export type Api = {
  "/api/v1/auth/send-otp": {
    /** Ask for a code */
    $post:
      | Answer<{ json: SendOtpRequest }, 200, Success<SendOtpAnswer>>
      | Refused<
          { json: SendOtpRequest },
          | INVALID_REQUEST
          | INVALID_PHONE
          | COUNTRY_NOT_ALLOWED
          | NUMBER_NOT_ALLOWED
          | REQUEST_IN_PROGRESS
          | BODY_TOO_LARGE
          | UNSUPPORTED_MEDIA_TYPE
          | OTP_RATE_LIMIT_EXCEEDED
          | INTERNAL_ERROR
          | OTP_SEND_FAILED
          | SERVICE_UNAVAILABLE
          | MISCONFIGURED
        >;
  };
  "/api/v1/auth/verify-otp": {
    /** Sign in with the code */
    $post:
      | Answer<{ json: VerifyOtpRequest }, 200, Success<VerifyOtpAnswer>>
      | Refused<
          { json: VerifyOtpRequest },
          | INVALID_REQUEST
          | INVALID_PHONE
          | OTP_INVALID
          | OTP_EXPIRED
          | OTP_MAX_ATTEMPTS
          | COUNTRY_NOT_ALLOWED
          | NUMBER_NOT_ALLOWED
          | ACCOUNT_SUSPENDED
          | BODY_TOO_LARGE
          | UNSUPPORTED_MEDIA_TYPE
          | OTP_RATE_LIMIT_EXCEEDED
          | INTERNAL_ERROR
          | SERVICE_UNAVAILABLE
          | MISCONFIGURED
        >;
  };
  "/api/v1/auth/refresh": {
    /** Get new tokens */
    $post:
      | Answer<{ json: RefreshRequest }, 200, Success<Tokens>>
      | Refused<
          { json: RefreshRequest },
          | INVALID_REQUEST
          | UNAUTHORIZED
          | BODY_TOO_LARGE
          | UNSUPPORTED_MEDIA_TYPE
          | INTERNAL_ERROR
          | SERVICE_UNAVAILABLE
          | MISCONFIGURED
        >;
  };
  "/api/v1/auth/logout": {
    /** Sign out */
    $post:
      | Answer<{ json?: LogoutRequest }, 200, Success<LogoutAnswer>>
      | Refused<
          { json?: LogoutRequest },
          | INVALID_REQUEST
          | BODY_TOO_LARGE
          | UNSUPPORTED_MEDIA_TYPE
          | INTERNAL_ERROR
          | SERVICE_UNAVAILABLE
          | MISCONFIGURED
        >;
  };
  "/api/v1/auth/me": {
    /** Who am I */
    $get:
      | Answer<{}, 200, Success<MeAnswer>>
      | Refused<{}, UNAUTHORIZED | INTERNAL_ERROR | SERVICE_UNAVAILABLE | MISCONFIGURED>;
  };
  "/api/v1/auth/sessions": {
    /** List my sessions */
    $get:
      | Answer<{}, 200, Success<SessionsAnswer>>
      | Refused<{}, UNAUTHORIZED | INTERNAL_ERROR | SERVICE_UNAVAILABLE | MISCONFIGURED>;
  };
  "/api/v1/auth/sessions/:sid": {
    /** End one of my sessions */
    $delete:
      | Answer<{ param: { sid: string } }, 200, Success<EndSessionAnswer>>
      | Refused<
          { param: { sid: string } },
          UNAUTHORIZED | NOT_FOUND | INTERNAL_ERROR | SERVICE_UNAVAILABLE | MISCONFIGURED
        >;
  };
  "/.well-known/jwks.json": {
    /** The public keys */
    $get: Answer<{}, 200, JwkSet> | Refused<{}, INTERNAL_ERROR | MISCONFIGURED>;
  };
  "/health": {
    /** Is it configured and running */
    $get: Answer<{}, 200, Success<HealthAnswer>> | Refused<{}, INTERNAL_ERROR | MISCONFIGURED>;
  };
  "/ready": {
    /** Does the store take a write */
    $get:
      | Answer<{}, 200, Success<ReadyAnswer>>
      | Refused<{}, INTERNAL_ERROR | SERVICE_UNAVAILABLE | MISCONFIGURED>;
  };
  "/openapi.json": {
    /** This document */
    $get: Answer<{}, 200, { readonly [name: string]: unknown }> | Refused<{}, INTERNAL_ERROR | MISCONFIGURED>;
  };
  "/docs": {
    /** The reference, for people */
    $get: Answer<{}, 200, string, "text"> | Refused<{}, INTERNAL_ERROR | MISCONFIGURED>;
  };
  "/docs/:file": {
    /** A part of the reference page */
    $get:
      | Answer<{ param: { file: string } }, 200, string, "text">
      | Refused<{ param: { file: string } }, NOT_FOUND | INTERNAL_ERROR | MISCONFIGURED>;
  };
};
