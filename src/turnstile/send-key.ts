import { toHex } from "../bytes.ts";
import type { Mac } from "../mac.ts";

/** All that makes two requests the same send. */
export interface TurnstileSend {
  readonly token: string;
  readonly role: string;
  readonly e164: string;
  readonly idempotencyKey: string | null;
}

/**
 * The key that a token is spent under, so that one token is one send: Cloudflare takes it again for a repeat under the
 * same `Idempotency-Key`, and refuses it as a duplicate for any other number, role or key. Without an `Idempotency-Key`
 * no request is a repeat of another, and each has a key of its own.
 */
export async function sendKey(
  mac: Mac,
  { token, role, e164, idempotencyKey }: TurnstileSend,
  random: (length: number) => Uint8Array,
): Promise<string> {
  if (idempotencyKey === null) return uuidOf(random(16));
  return uuidOf(await mac(token, role, e164, idempotencyKey));
}

/** In the form of version 4 (RFC 9562 section 5.4), which every reader of UUIDs knows. */
function uuidOf(bytes: Uint8Array): string {
  const shaped = bytes.slice(0, 16).map((byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  return toHex(shaped).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
