import type { SessionId, Subject } from "../ids.ts";

export interface SessionStore {
  /**
   * Marks a session used, and where a generation is given claims its first use. Slides what exists; of what does not, no more
   * than that claim is made.
   */
  useSession(use: SessionUse): Promise<SessionState>;
  /** Adds the directory's record to a session; the answer has the one that was first. */
  attachProfile(ref: SessionRef, sealedProfile: string): Promise<SessionState>;
  /** Ends sessions, whatever arrives late. The first reason stays. */
  endSessions(subject: Subject, sids: readonly SessionId[], reason: EndReason): Promise<void>;
  /** The sessions of a subject that were used since, in milliseconds since 1970, the last used first; forgets others. */
  listSessions(subject: Subject, since: number): Promise<readonly ListedSession[]>;
  /** In the order of `sids`. */
  readSessions(subject: Subject, sids: readonly SessionId[]): Promise<readonly SessionState[]>;
}

export interface SessionRef {
  readonly subject: Subject;
  readonly sid: SessionId;
}

/** `refused`: the guess that opened it was right, but not in time. */
export type EndReason = "signed_out" | "stolen" | "suspended" | "refused";

export interface SessionUse extends SessionRef {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the session has left from now; null leaves it as it is. */
  readonly ttlSeconds: number | null;
  /** The generation of a refresh token that rotates; null for any other use. */
  readonly generation: number | null;
}

export interface SessionState {
  /** Sealed; null when there is no such session. */
  readonly record: string | null;
  /** Sealed; null without a directory, or before it has answered. */
  readonly profile: string | null;
  readonly ended: EndReason | null;
  /** When each generation of its refresh token was first used, in milliseconds since 1970. The latest few. */
  readonly firstUses: ReadonlyMap<number, number>;
}

export interface ListedSession {
  readonly sid: SessionId;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** A session as a right guess opens it. */
export interface NewSession {
  readonly sid: SessionId;
  readonly sealedRecord: string;
  /** Until it ends if it is not used. */
  readonly ttlSeconds: number;
  /** Until it ends however much it is used. */
  readonly lifetimeSeconds: number;
}
