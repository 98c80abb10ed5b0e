import type { Identity } from "../identity.ts";
import type { Mac } from "../mac.ts";
import type { SessionRef, SessionStore } from "../store/session-port.ts";
import type { AccessTokens } from "../tokens/access.ts";
import { parseRefreshToken } from "../tokens/refresh.ts";
import { sessionOf } from "./bearer.ts";

export interface SignOutDeps {
  readonly store: SessionStore;
  readonly identity: Identity;
  readonly accessTokens: AccessTokens;
  readonly refreshMac: Mac;
  readonly now: () => number;
}

export interface SignOut {
  readonly accessToken: string | null;
  readonly refreshToken: string | null;
  /** All sessions of the person in that role. */
  readonly everywhere: boolean;
}

/**
 * Ends the session of either token; an access token that has expired since will do. A token that this service did not
 * make ends nothing and is no error, so that the caller learns nothing. Throws `StoreUnavailable`.
 */
export async function signOut(
  { accessToken, refreshToken, everywhere }: SignOut,
  deps: SignOutDeps,
): Promise<void> {
  const refs = [await refOfAccess(accessToken, deps), await refOfRefresh(refreshToken, deps)];
  for (const ref of refs) {
    if (ref === null) continue;
    const listed =
      everywhere && (await isAlive(ref, deps)) ? await deps.store.listSessions(ref.subject, 0) : [];
    const sids = new Set([ref.sid, ...listed.map(({ sid }) => sid)]);
    await deps.store.endSessions(ref.subject, [...sids], "signed_out");
  }
}

/** Whoever holds a token of a session that is over must not end those that came after it. */
async function isAlive(ref: SessionRef, { store, now }: SignOutDeps): Promise<boolean> {
  const session = await store.useSession({ ...ref, now: now(), ttlSeconds: null, generation: null });
  return session.record !== null && session.ended === null;
}

async function refOfAccess(token: string | null, deps: SignOutDeps): Promise<SessionRef | null> {
  const claims = token === null ? null : await deps.accessTokens.verifyExpired(token, deps.now());
  return claims === null ? null : sessionOf(claims, deps.identity);
}

async function refOfRefresh(token: string | null, deps: SignOutDeps): Promise<SessionRef | null> {
  return token === null ? null : parseRefreshToken(deps.refreshMac, token);
}
