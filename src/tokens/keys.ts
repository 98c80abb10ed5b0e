import type { CryptoKey } from "jose";
import { calculateJwkThumbprint } from "jose";
import * as z from "zod/mini";
import { utf8 } from "../bytes.ts";

/** What RFC 7517 calls a public key of ours: these members and no others. */
export interface PublicJwk {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

export interface SigningKeys {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  /** By kid, the public halves of all. */
  readonly verification: ReadonlyMap<string, CryptoKey>;
  /** RFC 7517, public members only. */
  readonly jwks: { readonly keys: readonly PublicJwk[] };
}

interface SigningKey {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: PublicJwk;
}

type Wants = { readonly wants: string };

const SET_WANTS = 'wants a JWK set of ES256 private keys, {"keys":[…]}, as `npm run keys` makes one';

/** 32 bytes, RFC 4648 section 5 in its one canonical form. */
const COORDINATE = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

const coordinate = (wants: string) => z.string(wants).check(z.regex(COORDINATE, wants));

const privateJwk = z.object(
  {
    kty: z.literal("EC", 'wants kty "EC"'),
    crv: z.literal("P-256", 'wants crv "P-256"'),
    x: coordinate("wants x, 32 bytes in base64url"),
    y: coordinate("wants y, 32 bytes in base64url"),
    d: coordinate("wants the private member d, 32 bytes in base64url"),
    kid: z.optional(z.string("wants a kid of text").check(z.regex(/^[!-~]{1,128}$/, "wants a kid of ASCII"))),
    alg: z.optional(z.literal("ES256", 'wants alg "ES256" or none')),
    use: z.optional(z.literal("sig", 'wants use "sig" or none')),
    key_ops: z.optional(
      z
        .array(z.unknown(), 'wants key_ops with "sign" or none')
        .check(z.refine((operations) => operations.includes("sign"), 'wants key_ops with "sign" or none')),
    ),
  },
  "wants a JWK",
);

const jwkSet = z.object(
  { keys: z.array(z.unknown(), SET_WANTS).check(z.minLength(1, SET_WANTS)) },
  SET_WANTS,
);

const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/**
 * The binding `SIGNING_KEYS`, a JWK set (RFC 7517) as text or object: the first key signs, all are published. A key is
 * taken only after it has signed what its public half verifies. Never throws; `wants` names the key, and no value of it.
 */
export async function parseSigningKeys(value: unknown): Promise<SigningKeys | Wants> {
  const set = jwkSet.safeParse(typeof value === "string" ? parseJson(value) : value);
  if (!set.success) return { wants: SET_WANTS };
  const keys: SigningKey[] = [];
  for (const [index, jwk] of set.data.keys.entries()) {
    const key = await importSigningKey(jwk);
    if ("wants" in key) return { wants: `keys.${index} ${key.wants}` };
    if (keys.some(({ jwk: { kid } }) => kid === key.jwk.kid))
      return { wants: `keys.${index} wants a kid that no key before it has` };
    keys.push(key);
  }
  const [first] = keys;
  if (!first) return { wants: SET_WANTS };
  return {
    signing: { kid: first.jwk.kid, key: first.privateKey },
    verification: new Map(keys.map(({ jwk, publicKey }) => [jwk.kid, publicKey])),
    jwks: { keys: keys.map(({ jwk }) => jwk) },
  };
}

async function importSigningKey(value: unknown): Promise<SigningKey | Wants> {
  const parsed = privateJwk.safeParse(value);
  if (!parsed.success) return { wants: parsed.error.issues[0]?.message ?? "wants a JWK" };
  const { x, y, d, kid } = parsed.data;
  // Members such as key_ops and ext would be held against the usages asked for, so they stay behind.
  const point = { kty: "EC", crv: "P-256", x, y } as const;
  try {
    const privateKey = await crypto.subtle.importKey("jwk", { ...point, d }, ES256, false, ["sign"]);
    const publicKey = await crypto.subtle.importKey("jwk", point, ES256, true, ["verify"]);
    if (await isPair(privateKey, publicKey)) {
      const name = kid ?? (await calculateJwkThumbprint(point));
      return { privateKey, publicKey, jwk: { ...point, kid: name, alg: "ES256", use: "sig" } };
    }
  } catch {
    // A point that is not on the curve, or a d out of its range.
  }
  return { wants: "wants x and y of a point on the curve, and the d that belongs to them" };
}

async function isPair(privateKey: CryptoKey, publicKey: CryptoKey): Promise<boolean> {
  const proof = utf8("edge-otp");
  const signature = await crypto.subtle.sign(ES256, privateKey, proof);
  return crypto.subtle.verify(ES256, publicKey, signature, proof);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
