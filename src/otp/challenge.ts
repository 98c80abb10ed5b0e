import type { Holder, Nonce, Subject } from "../ids.ts";
import { concatBytes, equalInConstantTime, parseBase64url, toBase64url } from "../bytes.ts";
import type { CodeSecrets } from "./codes.ts";
import { NONCE_BYTES } from "./codes.ts";
import { HOLDER_BYTES } from "../identity.ts";

/** One requester's hold on one code. `issuedAt` in milliseconds since 1970. */
export interface Challenge {
  readonly nonce: Nonce;
  readonly issuedAt: number;
  readonly holder: Holder;
}

const TIME_BYTES = 6;
const PAYLOAD_BYTES = NONCE_BYTES + TIME_BYTES + HOLDER_BYTES;
const MAC_BYTES = 16;

/** `nonce ‖ issuedAt ‖ holder ‖ MAC(subject, all before)`: 48 bytes, 64 characters. */
export async function createChallengeId(
  secrets: CodeSecrets,
  subject: Subject,
  challenge: Challenge,
): Promise<string> {
  const payload = concatBytes(
    parseBase64url(challenge.nonce) ?? new Uint8Array(),
    writeTime(challenge.issuedAt),
    parseBase64url(challenge.holder) ?? new Uint8Array(),
  );
  return toBase64url(concatBytes(payload, await secrets.current.challengeMac(subject, payload)));
}

/** Null for what this service did not make for this subject. No I/O, no clock: expiry is the caller's to judge. */
export async function parseChallengeId(
  secrets: CodeSecrets,
  subject: Subject,
  text: string,
): Promise<Challenge | null> {
  const bytes = text.length === 64 ? parseBase64url(text) : null;
  if (bytes?.length !== PAYLOAD_BYTES + MAC_BYTES) return null;
  const payload = bytes.subarray(0, PAYLOAD_BYTES);
  const macs = await Promise.all(secrets.all.map((secret) => secret.challengeMac(subject, payload)));
  if (!macs.some((mac) => equalInConstantTime(mac, bytes.subarray(PAYLOAD_BYTES)))) return null;
  return {
    nonce: toBase64url(payload.subarray(0, NONCE_BYTES)) as Nonce,
    issuedAt: readTime(payload.subarray(NONCE_BYTES, NONCE_BYTES + TIME_BYTES)),
    holder: toBase64url(payload.subarray(NONCE_BYTES + TIME_BYTES)) as Holder,
  };
}

function writeTime(milliseconds: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(TIME_BYTES));
  view.setUint16(0, Math.floor(milliseconds / 2 ** 32));
  view.setUint32(2, milliseconds % 2 ** 32);
  return new Uint8Array(view.buffer);
}

function readTime(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, TIME_BYTES);
  return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
}
