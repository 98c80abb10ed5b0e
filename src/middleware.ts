import type { Context, MiddlewareHandler } from "hono";
import type { JWTHeaderParameters, JWTPayload } from "jose";
import { createRemoteJWKSet, customFetch, errors, jwtVerify } from "jose";

export interface PhoneAuthOptions {
  /** The service's `ISSUER`; https. */
  readonly issuer: string;
  /** The `audience` of the role in the service's `APPS`; the role itself, where it has none. */
  readonly audience: string;
  /** How long the keys are believed without asking again, in seconds: 600 unless told. */
  readonly cacheSeconds?: number;
  /** The least time between two fetches that unknown keys cause, in seconds: 30 unless told. */
  readonly cooldownSeconds?: number;
  readonly fetch?: typeof fetch;
}

/** Who is calling. */
export interface Auth {
  /** `user.id`. */
  readonly sub: string;
  readonly role: string;
  /** E.164. */
  readonly phoneNumber: string;
  readonly sid: string;
  /** All claims of the token. */
  readonly claims: Readonly<JWTPayload>;
}

/** For the app that uses it: `new Hono<{ Variables: AuthVariables }>()`. */
export interface AuthVariables {
  auth: Auth;
}

type AuthEnv = { Variables: AuthVariables };

const CACHE_SECONDS = 600;
const COOLDOWN_SECONDS = 30;
const FETCH_TIMEOUT_MS = 2000;

/** While the issuer fails, it is asked this seldom, and a caller is told to come back after as long. */
const FAILURE_FLOOR_MS = 1000;

/** Two clocks that both follow NTP are closer than this. */
const CLOCK_SKEW_SECONDS = 5;

const MOST_CHARS = 8192;

/** The issuer's keys could not be had: nothing is known about the token. */
class KeysUnavailable extends Error {
  override readonly name = "KeysUnavailable";
}

/**
 * Lets through who brings a living access token of `issuer` for `audience`, as `c.var.auth`. Others get 401 with the
 * challenge of RFC 6750 section 3; 503 with `Retry-After` where the issuer's keys cannot be had. Throws when it is made
 * with an issuer that is not https, or without an audience.
 */
export function phoneAuth(options: PhoneAuthOptions): MiddlewareHandler<AuthEnv> {
  const issuer = parseIssuer(options.issuer);
  const { audience } = options;
  // Without one, jose would check none: a binding that is missing must not let every role in.
  if (!audience) throw new TypeError("phoneAuth wants an audience");
  const keyOf = createKeyResolver(issuer, options);

  return async function checkPhoneAuth(c, next) {
    const header = c.req.header("Authorization");
    if (header === undefined) return refuseToken(c, `Bearer realm="${issuer}"`);
    const token = /^Bearer +([A-Za-z0-9._-]+)$/i.exec(header)?.[1];
    const auth = await openToken(token, { issuer, audience, keyOf });
    if (auth === "unavailable") return refuseForNow(c);
    if (auth === null) return refuseToken(c, `Bearer realm="${issuer}", error="invalid_token"`);
    c.set("auth", auth);
    await next();
    return undefined;
  };
}

/** As `ISSUER` itself is spelt: tokens name it, and it is compared as text. */
function parseIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== "https:" || url.username || url.password || url.search || url.hash)
    throw new TypeError("phoneAuth wants an issuer of https://, and nothing but host and path in it");
  return url.href.replace(/\/+$/, "");
}

type KeyResolver = (header: JWTHeaderParameters) => ReturnType<ReturnType<typeof createRemoteJWKSet>>;

/**
 * jose keeps the keys as values. In Workers it lets no request await the fetch of another, and follows no redirect
 * anywhere; what it does not do is spare an issuer that fails.
 */
function createKeyResolver(issuer: string, options: PhoneAuthOptions): KeyResolver {
  const { cacheSeconds = CACHE_SECONDS, cooldownSeconds = COOLDOWN_SECONDS } = options;
  let failedAt = Number.NEGATIVE_INFINITY;
  const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`), {
    cacheMaxAge: cacheSeconds * 1000,
    cooldownDuration: cooldownSeconds * 1000,
    timeoutDuration: FETCH_TIMEOUT_MS,
    [customFetch](url, init) {
      if (Math.abs(Date.now() - failedAt) < FAILURE_FLOOR_MS)
        return Promise.reject(new KeysUnavailable("The issuer failed a moment ago"));
      return (options.fetch ?? fetch)(url, init);
    },
  });
  return async (header) => {
    // Without a kid, jose would take the only key of the set; every token of this issuer names its key.
    if (header.kid === undefined) throw new errors.JWKSNoMatchingKey();
    try {
      return await keySet(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof KeysUnavailable) throw error;
      failedAt = Date.now();
      throw new KeysUnavailable("The issuer's keys cannot be had", { cause: error });
    }
  };
}

interface Expected {
  readonly issuer: string;
  readonly audience: string;
  readonly keyOf: KeyResolver;
}

async function openToken(
  token: string | undefined,
  { issuer, audience, keyOf }: Expected,
): Promise<Auth | "unavailable" | null> {
  if (token === undefined || token.length > MOST_CHARS) return null;
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: ["ES256"],
      typ: "at+jwt",
      issuer,
      audience,
      requiredClaims: ["exp", "iat"],
      clockTolerance: CLOCK_SKEW_SECONDS,
    });
    return parseAuth(payload);
  } catch (error) {
    return error instanceof KeysUnavailable ? "unavailable" : null;
  }
}

function parseAuth(claims: JWTPayload): Auth | null {
  const { sub, role, phone_number: phoneNumber, phone_number_verified: isVerified, sid } = claims;
  if (!isText(sub) || !isText(role) || !isText(phoneNumber) || !isText(sid)) return null;
  return isVerified === true ? { sub, role, phoneNumber, sid, claims } : null;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

function refuseToken(c: Context, challenge: string): Response {
  c.header("WWW-Authenticate", challenge);
  const error = { code: "UNAUTHORIZED", message: "Please sign in again." };
  return c.json({ success: false, error }, 401);
}

function refuseForNow(c: Context): Response {
  const retryAfter = Math.ceil(FAILURE_FLOOR_MS / 1000);
  c.header("Retry-After", String(retryAfter));
  const message = "The service is busy. Please try again in a moment.";
  return c.json({ success: false, error: { code: "SERVICE_UNAVAILABLE", message, retryAfter } }, 503);
}
