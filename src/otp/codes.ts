import type { Holder, Nonce, Subject } from "../ids.ts";
import { concatBytes, parseBase64url, toBase64url, utf8, equalInConstantTime } from "../bytes.ts";
import type { Mac } from "../mac.ts";
import { deriveMac } from "../mac.ts";

export const NONCE_BYTES = 18;
const RANDOM_BYTES = 16;
const TAG_BYTES = NONCE_BYTES - RANDOM_BYTES;

/** All that one `OTP_SECRET` makes. */
export interface CodeSecret {
  readonly tag: Uint8Array;
  /** Unbiased decimal digits of HMAC(K, "code" ‖ S ‖ N). */
  code(of: { subject: Subject; nonce: Nonce; length: number }): Promise<string>;
  /** Names a guess without giving it away: equal guesses of one holder on one code are one. */
  guessDigest(of: { subject: Subject; nonce: Nonce; holder: Holder; guess: string }): Promise<string>;
  /** The MAC of a challenge id, 16 bytes. */
  challengeMac(subject: Subject, payload: Uint8Array): Promise<Uint8Array>;
}

/** The secret in use, and during a rotation the one before, which still verifies what it began. */
export interface CodeSecrets {
  readonly current: CodeSecret;
  readonly all: readonly CodeSecret[];
}

export async function createCodeSecrets(
  current: Uint8Array<ArrayBuffer>,
  previous: Uint8Array<ArrayBuffer> | null,
): Promise<CodeSecrets> {
  const first = await createCodeSecret(current);
  const before = previous === null ? [] : [await createCodeSecret(previous)];
  return { current: first, all: [first, ...before] };
}

export function createNonce(secret: CodeSecret, random: (length: number) => Uint8Array): Nonce {
  return toBase64url(concatBytes(random(RANDOM_BYTES), secret.tag)) as Nonce;
}

/** The secret that a nonce belongs to; null when it has been rotated out. */
export function secretOf(secrets: CodeSecrets, nonce: Nonce): CodeSecret | null {
  const tag = parseBase64url(nonce.slice(-4))?.subarray(-TAG_BYTES) ?? new Uint8Array();
  return secrets.all.find((secret) => equalInConstantTime(secret.tag, tag)) ?? null;
}

/** Compares all digits whatever it finds. */
export function isRightGuess(code: string, guess: string): boolean {
  return equalInConstantTime(utf8(code), utf8(guess));
}

async function createCodeSecret(secret: Uint8Array<ArrayBuffer>): Promise<CodeSecret> {
  const [tag, code, guess, challenge] = await Promise.all([
    deriveMac(secret, "tag"),
    deriveMac(secret, "code"),
    deriveMac(secret, "guess"),
    deriveMac(secret, "challenge"),
  ]);
  return {
    tag: (await tag()).subarray(0, TAG_BYTES),
    code: ({ subject, nonce, length }) =>
      decimalDigits((round) => code("code", subject, nonce, round), length),
    guessDigest: async (of) =>
      toBase64url((await guess(of.subject, of.nonce, of.holder, of.guess)).subarray(0, 12)),
    challengeMac: async (subject, payload) => (await challenge(subject, payload)).subarray(0, 16),
  };
}

/** Draws 48-bit numbers and rejects those above the last whole multiple of 10^length, so that no code is likelier. */
async function decimalDigits(draw: (round: string) => ReturnType<Mac>, length: number): Promise<string> {
  const range = 10 ** length;
  const limit = Math.floor(2 ** 48 / range) * range;
  for (let round = 0; ; round += 1) {
    const view = new DataView((await draw(String(round))).buffer);
    for (let offset = 0; offset + 6 <= view.byteLength; offset += 6) {
      const number = view.getUint16(offset) * 2 ** 32 + view.getUint32(offset + 2);
      if (number < limit) return String(number % range).padStart(length, "0");
    }
  }
}
