import type { CryptoKey, JWTHeaderParameters, JWTPayload } from "jose";
import { CompactSign, jwtVerify } from "jose";
import * as z from "zod/mini";
import { utf8 } from "../bytes.ts";
import { CLOCK_SKEW_MS } from "../time.ts";
import type { SigningKeys } from "./keys.ts";

export interface AccessClaims {
  /** `user.id`. */
  readonly subject: string;
  readonly role: string;
  /** E.164. */
  readonly phone: string;
  readonly sid: string;
  /** When the code was right, in seconds since 1970. */
  readonly authTime: number;
  /** From the company's directory. What has the name of a claim of ours, or of RFC 7519, is left out. */
  readonly extra: Readonly<Record<string, unknown>>;
}

/** `expiresAt` in seconds since 1970. */
export type VerifiedAccess = AccessClaims & { readonly expiresAt: number };

export interface AccessTokens {
  /**
   * A JWT by ES256 in the profile of RFC 9068 (`at+jwt`), `amr` after RFC 8176; `now` in milliseconds. Throws a
   * RangeError where `extra` makes it longer than `verify` would read.
   */
  sign(
    claims: AccessClaims,
    at: { readonly audience: string; readonly lifetimeSeconds: number; readonly now: number },
  ): Promise<string>;
  /** Null for anything but a living token that this service signed for the audience of the role that it names. */
  verify(token: string, now: number): Promise<VerifiedAccess | null>;
  /** The same for any audience of a role that is known, whether it has expired or not: for signing out. */
  verifyExpired(token: string, now: number): Promise<VerifiedAccess | null>;
}

export interface AccessTokenOptions {
  readonly keys: SigningKeys;
  /** As the tokens name it: https, without a slash at the end. */
  readonly issuer: string;
  /** Null for a role that is not known. */
  readonly audienceOf: (role: string) => string | null;
}

const MOST_CHARS = 8192;

/** More than any `exp` is behind. */
const FOREVER_SECONDS = Number.MAX_SAFE_INTEGER;

/** An ES256 signature is 64 bytes; the last character in its one canonical form, so that a token has one spelling. */
const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]$/;

const text = z.string().check(z.minLength(1));
const numericDate = z.int().check(z.gte(0));

const payloadSchema = z.object({
  aud: text,
  sub: text,
  client_id: text,
  role: text,
  phone_number: z.string().check(z.regex(/^\+[1-9]\d{1,14}$/)),
  phone_number_verified: z.literal(true),
  amr: z.array(text),
  auth_time: numericDate,
  sid: text,
  jti: text,
  iat: numericDate,
  nbf: z.optional(numericDate),
  exp: numericDate,
});

/** Ours and RFC 7519's; `acr`, `act` and `cnf`, which change what a token proves; and what spoils an object. */
const RESERVED: ReadonlySet<string> = new Set(
  Object.keys(payloadSchema.shape).concat("iss", "acr", "act", "cnf", "__proto__"),
);

export function createAccessTokens({ keys, issuer, audienceOf }: AccessTokenOptions): AccessTokens {
  async function open(token: string, now: number, clockTolerance: number): Promise<VerifiedAccess | null> {
    if (token.length > MOST_CHARS || !COMPACT_JWS.test(token)) return null;
    try {
      const { payload } = await jwtVerify(token, (header) => keyOf(keys, header), {
        algorithms: ["ES256"],
        typ: "at+jwt",
        issuer,
        currentDate: new Date(now),
        clockTolerance,
      });
      const claims = parsePayload(payload);
      const audience = claims === null ? null : audienceOf(claims.access.role);
      if (claims === null || audience === null) return null;
      if (clockTolerance === 0 && claims.aud !== audience) return null;
      // A token travels from one location to another in milliseconds. It buys nobody time: `exp` is exact.
      return claims.validFrom * 1000 <= now + CLOCK_SKEW_MS ? claims.access : null;
    } catch {
      return null;
    }
  }
  return {
    async sign(claims, { audience, lifetimeSeconds, now }) {
      const iat = Math.floor(now / 1000);
      const payload = {
        ...withoutReserved(claims.extra),
        iss: issuer,
        aud: audience,
        sub: claims.subject,
        // RFC 9068 section 2.2 wants the client that asked; a role names exactly one app.
        client_id: claims.role,
        role: claims.role,
        phone_number: claims.phone,
        phone_number_verified: true,
        amr: ["otp", "sms"],
        auth_time: claims.authTime,
        sid: claims.sid,
        jti: crypto.randomUUID(),
        iat,
        exp: iat + lifetimeSeconds,
      };
      const header = { alg: "ES256", typ: "at+jwt", kid: keys.signing.kid };
      const token = await new CompactSign(utf8(JSON.stringify(payload)))
        .setProtectedHeader(header)
        .sign(keys.signing.key);
      if (token.length > MOST_CHARS) throw new RangeError("The access token would be longer than 8 KiB");
      return token;
    },
    verify: (token, now) => open(token, now, 0),
    verifyExpired: (token, now) => open(token, now, FOREVER_SECONDS),
  };
}

/** By kid alone: a key that a token brings with it, or points to, is not looked at. */
function keyOf(keys: SigningKeys, { kid }: JWTHeaderParameters): CryptoKey {
  const key = kid === undefined ? undefined : keys.verification.get(kid);
  if (!key) throw new Error("no such key");
  return key;
}

function parsePayload(payload: JWTPayload) {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) return null;
  const {
    aud,
    sub,
    role,
    client_id: client,
    phone_number: phone,
    sid,
    auth_time: authTime,
    exp,
  } = parsed.data;
  if (client !== role) return null;
  const validFrom = Math.max(parsed.data.iat, parsed.data.nbf ?? 0);
  const extra = withoutReserved(payload);
  return { aud, validFrom, access: { subject: sub, role, phone, sid, authTime, extra, expiresAt: exp } };
}

function withoutReserved(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !RESERVED.has(name)));
}
