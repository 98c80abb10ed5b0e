import { calculateJwkThumbprint, exportJWK, generateKeyPair } from "jose";
import { parseSigningKeys } from "../tokens/keys.ts";

/** One ES256 private key as `SIGNING_KEYS` holds it (RFC 7517), named by its thumbprint (RFC 7638). */
export interface PrivateJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid: string;
  readonly alg: "ES256";
  readonly use: "sig";
}

export async function createSigningKey(): Promise<PrivateJwk> {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  const { kty = "", crv = "", x = "", y = "", d = "" } = await exportJWK(privateKey);
  const kid = await calculateJwkThumbprint({ kty, crv, x, y });
  return { kty, crv, x, y, d, kid, alg: "ES256", use: "sig" };
}

export interface Rotation {
  /** The new key is published and signs nothing yet. */
  readonly published: string;
  /** The new key signs; what the old ones signed still counts. */
  readonly signing: string;
  /** The new key alone. */
  readonly alone: string;
}

/** The three values of `SIGNING_KEYS` that bring a new key in and the old ones out; null where `current` is no such set. */
export async function rotateSigningKeys(current: string): Promise<Rotation | null> {
  const parsed = await parseSigningKeys(current);
  if ("wants" in parsed) return null;
  const { keys: old } = JSON.parse(current) as { readonly keys: readonly object[] };
  const fresh = await createSigningKey();
  return {
    published: formatKeySet([...old, fresh]),
    signing: formatKeySet([fresh, ...old]),
    alone: formatKeySet([fresh]),
  };
}

/** On one line, and without the quote that would end it in `.dev.vars`. */
export function formatKeySet(keys: readonly object[]): string {
  return JSON.stringify({ keys }).replaceAll("'", String.raw`\u0027`);
}
