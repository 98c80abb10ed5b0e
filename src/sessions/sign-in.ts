import type { App } from "../config/apps.ts";
import type { AskDirectory, DirectoryRecord } from "../directory/port.ts";
import type { Phone } from "../phone.ts";
import type { SessionRef, SessionState, SessionStore } from "../store/port.ts";
import { StoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import { openProfile, openRecord, sealProfile } from "./session.ts";
import type { Tokens, TokensDeps } from "./tokens.ts";
import { issueTokens } from "./tokens.ts";

export interface SignInDeps extends TokensDeps {
  readonly store: SessionStore;
  readonly seal: Seal;
  /** Null where the company keeps no directory. */
  readonly directory: AskDirectory | null;
  readonly now: () => number;
}

/** A guess that was right, and the session that it opened. */
export interface SignIn {
  readonly app: App;
  readonly phone: Phone;
  readonly userId: string;
  readonly requestId: string;
  readonly ref: SessionRef;
  readonly session: SessionState;
}

export type SignInResult =
  | { readonly ok: true; readonly tokens: Tokens; readonly profile: DirectoryRecord | null }
  | { readonly ok: false; readonly reason: "session_over" | "account_suspended" | "directory_unavailable" };

/**
 * Asks the company's directory once, where there is one, and issues the tokens of a session. The same attempt gets the
 * same session and the record that the directory gave first. Throws `StoreUnavailable`.
 */
export async function signIn(signedIn: SignIn, deps: SignInDeps): Promise<SignInResult> {
  const { app, ref, session, userId } = signedIn;
  if (session.ended !== null)
    return refuse(session.ended === "suspended" ? "account_suspended" : "session_over");
  const record = session.record === null ? null : await openRecord(deps.seal, ref, session.record);
  if (record === null) throw new StoreUnavailable("malformed");
  const answer = await profileOf(signedIn, deps);
  if ("reason" in answer) return refuse(answer.reason);
  const refresh = { ...ref, createdAt: record.createdAt, generation: 0, role: app.role };
  const issued = { app, refresh, record, profile: answer.profile, userId, now: deps.now() };
  return { ok: true, tokens: await issueTokens(issued, deps), profile: answer.profile };
}

type Answer =
  | { readonly profile: DirectoryRecord | null }
  | { readonly reason: "account_suspended" | "directory_unavailable" };

async function profileOf(signedIn: SignIn, { seal, directory, store }: SignInDeps): Promise<Answer> {
  const { app, phone, userId, requestId, ref, session } = signedIn;
  if (session.profile !== null) return { profile: await openProfile(seal, ref, session.profile) };
  if (directory === null) return { profile: null };
  const answer = await directory({ role: app.role, phone: phone.e164, userId, requestId });
  switch (answer.kind) {
    case "suspended":
      await store.endSessions(ref.subject, [ref.sid], "suspended");
      return { reason: "account_suspended" };
    case "unavailable":
      return app.directory === "proceed" ? { profile: null } : { reason: "directory_unavailable" };
    case "record": {
      const attached = await store.attachProfile(ref, await sealProfile(seal, ref, answer.record));
      const first = attached.profile === null ? null : await openProfile(seal, ref, attached.profile);
      return { profile: first ?? answer.record };
    }
  }
}

function refuse(reason: Exclude<SignInResult, { ok: true }>["reason"]): SignInResult {
  return { ok: false, reason };
}
