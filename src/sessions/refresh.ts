import type { App } from "../config/apps.ts";
import type { Identity } from "../identity.ts";
import type { SessionStore } from "../store/session-port.ts";
import { StoreUnavailable } from "../store/port.ts";
import { parseRefreshToken } from "../tokens/refresh.ts";
import type { Seal } from "../tokens/seal.ts";
import type { RefreshVerdict } from "./judge.ts";
import { judgeRefresh } from "./judge.ts";
import { openProfile, openRecord, secondsLeft } from "./session.ts";
import type { Tokens, TokensDeps } from "./tokens.ts";
import { issueTokens } from "./tokens.ts";

export interface RefreshDeps extends TokensDeps {
  readonly store: SessionStore;
  readonly seal: Seal;
  readonly identity: Identity;
  readonly appOf: (role: string) => App | null;
  readonly now: () => number;
}

export type RefreshResult =
  | { readonly ok: true; readonly tokens: Tokens }
  | { readonly ok: false; readonly reason: Exclude<RefreshVerdict, { ok: true }>["reason"] | "no_token" };

/**
 * Exchanges a refresh token, in one store request. A role that rotates gets the next token, the same one for all who
 * exchange this one within the grace time; a role that keeps gets the same token back. Theft ends the session for both
 * sides before anybody is answered. Throws `StoreUnavailable`, and the token is good afterwards.
 */
export async function refreshSession(token: string, deps: RefreshDeps): Promise<RefreshResult> {
  const { store, seal } = deps;
  const now = deps.now();
  const claims = await parseRefreshToken(deps.refreshMac, token);
  const app = claims === null ? null : deps.appOf(claims.role);
  if (claims === null || app === null) return { ok: false, reason: "no_token" };
  const { subject, sid, generation, createdAt } = claims;
  const ttlSeconds = secondsLeft(app, createdAt, now);
  if (ttlSeconds <= 0) return { ok: false, reason: "session_ended" };

  const rotates = app.refreshRotation === "rotate";
  const session = await store.useSession({
    subject,
    sid,
    now,
    ttlSeconds,
    generation: rotates ? generation : null,
  });
  const verdict = judgeRefresh({ generation, rotates, now }, session);
  if (!verdict.ok) {
    if (verdict.reason === "token_stolen") await store.endSessions(subject, [sid], "stolen");
    return verdict;
  }
  const ref = { subject, sid };
  const [record, profile, userId] = await Promise.all([
    session.record === null ? null : openRecord(seal, ref, session.record),
    session.profile === null ? null : openProfile(seal, ref, session.profile),
    deps.identity.userId(subject),
  ]);
  if (record === null || (session.profile !== null && profile === null))
    throw new StoreUnavailable("malformed");
  const refresh = { ...claims, generation: rotates ? generation + 1 : generation };
  return { ok: true, tokens: await issueTokens({ app, refresh, record, profile, userId, now }, deps) };
}
