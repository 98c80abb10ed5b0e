import type { App } from "../config/apps.ts";
import type { SessionRecord } from "./session.ts";
import { openRecord, longestLife, sealRecord, secondsLeft } from "./session.ts";
import type { NewSession, SessionRef, SessionState } from "../store/session-port.ts";
import type { Seal } from "../tokens/seal.ts";

interface SessionDeps {
  readonly seal: Seal;
}

/** Sealed anew by each execution, so that a record which is this one's own was written by nobody before. */
export function isOpenedHere({ record }: SessionState, { sealedRecord }: NewSession): boolean {
  return record === sealedRecord;
}

/** What an earlier execution of the same attempt has sealed. */
export async function openKept(
  ref: SessionRef,
  { record }: SessionState,
  { seal }: SessionDeps,
): Promise<SessionRecord | null> {
  return record === null ? null : openRecord(seal, ref, record);
}

/** The session that this guess opens if it is right; made for a wrong one too, which takes as long. */
export async function describeSession(
  ref: SessionRef,
  record: SessionRecord,
  { app, deps }: { readonly app: App; readonly deps: SessionDeps },
): Promise<NewSession> {
  return {
    sid: ref.sid,
    sealedRecord: await sealRecord(deps.seal, ref, record),
    ttlSeconds: secondsLeft(app, record.createdAt, record.createdAt),
    lifetimeSeconds: longestLife(app),
  };
}
