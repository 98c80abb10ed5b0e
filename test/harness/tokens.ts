import type { AccessClaims, AccessTokens } from "../../src/tokens/access.ts";
import { createAccessTokens } from "../../src/tokens/access.ts";
import type { SigningKeys } from "../../src/tokens/keys.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";

/** The key set, or an Error that says what it wants. */
export async function readSigningKeys(value: unknown): Promise<SigningKeys> {
  const keys = await parseSigningKeys(value);
  if ("wants" in keys) throw new Error(keys.wants);
  return keys;
}

/** The tokens of a service at this issuer, in which each role is its own audience. */
export async function createIssuer(issuer: string, keys: readonly object[]): Promise<AccessTokens> {
  return createAccessTokens({ keys: await readSigningKeys({ keys }), issuer, audienceOf: (role) => role });
}

export const claims: AccessClaims = {
  subject: "user-id",
  role: "customer",
  phone: "+919876543210",
  sid: "session-id",
  authTime: 1_790_000_000,
  extra: { company: "Weelo" },
};
