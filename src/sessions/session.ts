import * as z from "zod/mini";
import type { App } from "../config/apps.ts";
import type { DirectoryRecord } from "../directory/port.ts";
import type { SessionRef } from "../store/session-port.ts";
import type { Seal } from "../tokens/seal.ts";

/** What is kept of a sign-in, sealed. Times in milliseconds since 1970. */
export interface SessionRecord {
  readonly phone: string;
  readonly createdAt: number;
  readonly deviceId: string | null;
  readonly deviceName: string | null;
  /** `Chrome`, `okhttp` and the like: a family, not a fingerprint. */
  readonly userAgent: string;
}

const recordSchema = z.object({
  phone: z.string(),
  createdAt: z.number(),
  deviceId: z.nullable(z.string()),
  deviceName: z.nullable(z.string()),
  userAgent: z.string(),
});

const profileSchema = z.object({
  id: z.nullable(z.string()),
  name: z.nullable(z.string()),
  email: z.nullable(z.string()),
  company: z.nullable(z.string()),
  isProfileComplete: z.boolean(),
  preferredLanguage: z.nullable(z.string()),
  isNewUser: z.boolean(),
  createdAt: z.nullable(z.string()),
  updatedAt: z.nullable(z.string()),
  claims: z.record(z.string(), z.unknown()),
});

/** Seals what the store keeps of a session, and opens it again. Null for what was not sealed for this session. */
export const sealRecord = (seal: Seal, ref: SessionRef, record: SessionRecord): Promise<string> =>
  seal.seal(placeOf("record", ref), record);
export const openRecord = async (
  seal: Seal,
  ref: SessionRef,
  sealed: string,
): Promise<SessionRecord | null> =>
  recordSchema.safeParse(await seal.open(placeOf("record", ref), sealed)).data ?? null;
export const sealProfile = (seal: Seal, ref: SessionRef, profile: DirectoryRecord): Promise<string> =>
  seal.seal(placeOf("profile", ref), profile);
export const openProfile = async (
  seal: Seal,
  ref: SessionRef,
  sealed: string,
): Promise<DirectoryRecord | null> =>
  profileSchema.safeParse(await seal.open(placeOf("profile", ref), sealed)).data ?? null;

function placeOf(what: string, { subject, sid }: SessionRef): string {
  return `${what} ${subject} ${sid}`;
}

/** A session slides for this many times its refresh token's life, and then ends whatever is done: a year of 30 days. */
const MOST_SLIDES = 12;

/** Seconds from a sign-in to the end of its session, however much it is used. */
export function longestLife({ refreshTokenSeconds }: Pick<App, "refreshTokenSeconds">): number {
  return MOST_SLIDES * refreshTokenSeconds;
}

/** Seconds that a session has left when it is used now; 0 and below when its absolute end has come. */
export function secondsLeft(app: Pick<App, "refreshTokenSeconds">, createdAt: number, now: number): number {
  const absoluteEnd = createdAt + longestLife(app) * 1000;
  return Math.min(app.refreshTokenSeconds, Math.floor((absoluteEnd - now) / 1000));
}
