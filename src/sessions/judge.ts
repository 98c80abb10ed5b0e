import type { SessionState } from "../store/session-port.ts";

/** Milliseconds within which a rotated token may be used again: an answer that was lost, a second thread. */
export const GRACE_MS = 30_000;

export type RefreshVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: "no_session" | "session_ended" | "session_stolen" | "token_stolen";
    };

/**
 * Whether a refresh token may be exchanged. A rotated token that is used after its grace time, or after its successor
 * was, is in two hands, and nobody knows whose are the thief's (RFC 9700 section 4.14.2). A role that keeps its tokens
 * has no grace time, but what was rotated away before it did stays away. Pure.
 */
export function judgeRefresh(
  used: { readonly generation: number; readonly rotates: boolean; readonly now: number },
  session: SessionState,
): RefreshVerdict {
  if (session.ended === "stolen") return { ok: false, reason: "session_stolen" };
  if (session.ended !== null) return { ok: false, reason: "session_ended" };
  if (session.record === null) return { ok: false, reason: "no_session" };
  const firstUsedAt = session.firstUses.get(used.generation) ?? used.now;
  const isSuperseded = [...session.firstUses.keys()].some((generation) => generation > used.generation);
  const isLate = used.rotates && used.now - firstUsedAt > GRACE_MS;
  return isSuperseded || isLate ? { ok: false, reason: "token_stolen" } : { ok: true };
}
