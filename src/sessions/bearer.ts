import type { SessionId } from "../ids.ts";
import type { App } from "../config/apps.ts";
import type { DirectoryRecord } from "../directory/port.ts";
import type { Identity } from "../identity.ts";
import type { SessionRef, SessionStore } from "../store/session-port.ts";
import { StoreUnavailable } from "../store/port.ts";
import type { AccessClaims, AccessTokens } from "../tokens/access.ts";
import type { Seal } from "../tokens/seal.ts";
import type { SessionRecord } from "./session.ts";
import { openProfile, openRecord } from "./session.ts";

export interface BearerDeps {
  readonly store: SessionStore;
  readonly seal: Seal;
  readonly identity: Identity;
  readonly accessTokens: AccessTokens;
  readonly appOf: (role: string) => App | null;
  readonly now: () => number;
}

/** Who calls with an access token whose session is alive. */
export interface Bearer {
  readonly app: App;
  readonly ref: SessionRef;
  readonly claims: AccessClaims;
  readonly record: SessionRecord;
  readonly profile: DirectoryRecord | null;
}

/**
 * Null for a token that is no good, or whose session has ended: at this service's own routes a signed-out access token
 * is worth nothing at once. One store request. Throws `StoreUnavailable`, also where what is sealed cannot be opened.
 */
export async function identifyBearer(token: string, deps: BearerDeps): Promise<Bearer | null> {
  const now = deps.now();
  const claims = await deps.accessTokens.verify(token, now);
  const app = claims === null ? null : deps.appOf(claims.role);
  if (claims === null || app === null) return null;
  const ref = await sessionOf(claims, deps.identity);
  const session = await deps.store.useSession({ ...ref, now, ttlSeconds: null, generation: null });
  if (session.ended !== null || session.record === null) return null;
  const record = await openRecord(deps.seal, ref, session.record);
  const profile = session.profile === null ? null : await openProfile(deps.seal, ref, session.profile);
  if (record === null || (session.profile !== null && profile === null))
    throw new StoreUnavailable("malformed");
  return { app, ref, claims, record, profile };
}

/** The session that an access token belongs to. */
export async function sessionOf(claims: AccessClaims, identity: Identity): Promise<SessionRef> {
  return { subject: await identity.subject(claims.role, claims.phone), sid: claims.sid as SessionId };
}
