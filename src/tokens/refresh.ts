import type { SessionId, Subject } from "../ids.ts";
import { concatBytes, equalInConstantTime, parseBase64url, toBase64url, utf8 } from "../bytes.ts";
import type { Mac } from "../mac.ts";

/** Everything that a refresh token says. `createdAt` in milliseconds since 1970. */
export interface RefreshClaims {
  readonly sid: SessionId;
  readonly subject: Subject;
  readonly createdAt: number;
  /** 0 for the token of the sign-in, one more for each rotation. */
  readonly generation: number;
  readonly role: string;
}

const SID_BYTES = 12;
const SUBJECT_BYTES = 18;
const TIME_BYTES = 6;
const GENERATION_BYTES = 4;
const FIXED_BYTES = SID_BYTES + SUBJECT_BYTES + TIME_BYTES + GENERATION_BYTES;
const MAC_BYTES = 24;
const LONGEST = 256;

/**
 * `sid ‖ subject ‖ createdAt ‖ generation ‖ role ‖ MAC(all before)`. It is derived, not drawn, so that all who rotate the
 * same token get the same next one, and a forged one costs no store request. Nothing of it is kept in the store.
 */
export async function createRefreshToken(mac: Mac, claims: RefreshClaims): Promise<string> {
  const numbers = new DataView(new ArrayBuffer(TIME_BYTES + GENERATION_BYTES));
  numbers.setUint16(0, Math.floor(claims.createdAt / 2 ** 32));
  numbers.setUint32(2, claims.createdAt % 2 ** 32);
  numbers.setUint32(TIME_BYTES, claims.generation);
  const payload = concatBytes(
    parseBase64url(claims.sid) ?? new Uint8Array(),
    parseBase64url(claims.subject) ?? new Uint8Array(),
    new Uint8Array(numbers.buffer),
    utf8(claims.role),
  );
  return toBase64url(concatBytes(payload, (await mac(payload)).subarray(0, MAC_BYTES)));
}

/** Null for what this service did not make. No I/O, no clock. */
export async function parseRefreshToken(mac: Mac, text: string): Promise<RefreshClaims | null> {
  const bytes = text.length <= LONGEST ? parseBase64url(text) : null;
  if (bytes === null || bytes.length <= FIXED_BYTES + MAC_BYTES || toBase64url(bytes) !== text) return null;
  const payload = bytes.subarray(0, -MAC_BYTES);
  if (!equalInConstantTime((await mac(payload)).subarray(0, MAC_BYTES), bytes.subarray(-MAC_BYTES)))
    return null;
  const numbers = new DataView(payload.buffer, payload.byteOffset + SID_BYTES + SUBJECT_BYTES);
  return {
    sid: toBase64url(payload.subarray(0, SID_BYTES)) as SessionId,
    subject: toBase64url(payload.subarray(SID_BYTES, SID_BYTES + SUBJECT_BYTES)) as Subject,
    createdAt: numbers.getUint16(0) * 2 ** 32 + numbers.getUint32(2),
    generation: numbers.getUint32(TIME_BYTES),
    role: new TextDecoder().decode(payload.subarray(FIXED_BYTES)),
  };
}
