import type { App } from "../config/apps.ts";
import type { AskDirectory, DirectoryRecord } from "../directory/port.ts";
import type { Phone } from "../phone.ts";
import type { EndReason, SessionRef, SessionState, SessionStore } from "../store/session-port.ts";
import { StoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import type { SessionRecord } from "./session.ts";
import { openProfile, sealProfile } from "./session.ts";
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
  readonly phone: Pick<Phone, "e164">;
  readonly userId: string;
  readonly requestId: string;
  /** Whether the caller can repeat the attempt. */
  readonly isRepeatable: boolean;
  readonly ref: SessionRef;
  readonly session: SessionState;
  /** What is sealed in the session; null where nothing of it is left. */
  readonly record: SessionRecord | null;
}

export type SignInResult =
  | { readonly ok: true; readonly tokens: Tokens; readonly profile: DirectoryRecord | null }
  | { readonly ok: false; readonly reason: "session_over" | "account_suspended" | "directory_unavailable" };

/**
 * Asks the company's directory once, where there is one, and issues the tokens of a session. The same attempt gets the
 * same session and the record that the directory gave first. Throws `StoreUnavailable`.
 */
export async function signIn(signedIn: SignIn, deps: SignInDeps): Promise<SignInResult> {
  const { app, ref, session, userId, record } = signedIn;
  if (session.ended !== null) return refuseEnded(ref, session.ended, deps);
  if (record === null) throw new StoreUnavailable("malformed");
  const answer = await profileOf(signedIn, deps);
  if ("ended" in answer) return refuseEnded(ref, answer.ended, deps);
  if ("reason" in answer) return refuse(answer.reason);
  // A repeat that comes after refreshes gets the token that is next, not one that is gone.
  const generation = Math.max(-1, ...session.firstUses.keys()) + 1;
  const refresh = { ...ref, createdAt: record.createdAt, generation, role: app.role };
  const issued = { app, refresh, record, profile: answer.profile, userId, now: deps.now() };
  return { ok: true, tokens: await issueTokens(issued, deps), profile: answer.profile };
}

type Answer =
  | { readonly profile: DirectoryRecord | null }
  | { readonly ended: EndReason }
  | { readonly reason: "directory_unavailable" };

async function profileOf(signedIn: SignIn, { seal, directory, store }: SignInDeps): Promise<Answer> {
  const { app, phone, userId, requestId, isRepeatable, ref, session } = signedIn;
  if (session.profile !== null) return { profile: await reopenProfile(session.profile, ref, seal) };
  if (directory === null) return { profile: null };
  const answer = await directory({ role: app.role, phone: phone.e164, userId, requestId });
  switch (answer.kind) {
    case "suspended":
      return { ended: "suspended" };
    case "unavailable":
      if (app.directory === "proceed") return { profile: null };
      // Nobody could come back for it.
      if (!isRepeatable) await store.endSessions(ref.subject, [ref.sid], "refused");
      return { reason: "directory_unavailable" };
    case "record": {
      const attached = await store.attachProfile(ref, await sealProfile(seal, ref, answer.record));
      if (attached.ended !== null) return { ended: attached.ended };
      if (attached.profile === null) throw new StoreUnavailable("malformed");
      return { profile: await reopenProfile(attached.profile, ref, seal) };
    }
  }
}

async function reopenProfile(sealed: string, ref: SessionRef, seal: Seal): Promise<DirectoryRecord> {
  const profile = await openProfile(seal, ref, sealed);
  if (profile === null) throw new StoreUnavailable("malformed");
  return profile;
}

/** Ended anew, since this request may have written to it what its end had taken away. */
async function refuseEnded(ref: SessionRef, ended: EndReason, { store }: SignInDeps): Promise<SignInResult> {
  await store.endSessions(ref.subject, [ref.sid], ended);
  return refuse(ended === "suspended" ? "account_suspended" : "session_over");
}

function refuse(reason: Exclude<SignInResult, { ok: true }>["reason"]): SignInResult {
  return { ok: false, reason };
}
