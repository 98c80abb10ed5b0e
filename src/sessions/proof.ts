import type { Subject } from "../ids.ts";
import type { Mac } from "../mac.ts";
import type { Identity } from "../identity.ts";
import type { AccessTokens } from "../tokens/access.ts";
import { parseRefreshToken } from "../tokens/refresh.ts";

export interface ProofDeps {
  readonly identity: Identity;
  readonly accessTokens: AccessTokens;
  readonly refreshMac: Mac;
  readonly now: () => number;
}

export interface Proof {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
}

/**
 * Whether one of the tokens was given to this number by an earlier sign-in, in any role, expired or not. No I/O, and
 * never an error: a token that proves nothing is as good as none.
 */
export async function isProof(
  { accessToken, refreshToken }: Proof,
  e164: string,
  deps: ProofDeps,
): Promise<boolean> {
  const claims = accessToken === null ? null : await deps.accessTokens.verifyExpired(accessToken, deps.now());
  if (claims?.phone === e164) return true;
  const refresh = refreshToken === null ? null : await parseRefreshToken(deps.refreshMac, refreshToken);
  if (refresh === null) return false;
  const subject: Subject = await deps.identity.subject(refresh.role, e164);
  return refresh.subject === subject;
}
