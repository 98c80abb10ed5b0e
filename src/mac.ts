import { utf8 } from "./bytes.ts";

/** HMAC-SHA-256 (RFC 2104) of parts that cannot run into each other, 32 bytes. */
export type Mac = (...parts: readonly (string | Uint8Array)[]) => Promise<Uint8Array<ArrayBuffer>>;

/** One key a purpose: what is computed for one can never stand in for another. */
export async function deriveMac(secret: Uint8Array<ArrayBuffer>, purpose: string): Promise<Mac> {
  const root = await importHmac(secret);
  const derived = await crypto.subtle.sign("HMAC", root, utf8(`edge-otp ${purpose}`));
  const key = await importHmac(new Uint8Array(derived));
  return async (...parts) => new Uint8Array(await crypto.subtle.sign("HMAC", key, frame(parts)));
}

function importHmac(bytes: Uint8Array<ArrayBuffer>) {
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** Each part behind its length in four bytes. */
function frame(parts: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const framed = new Uint8Array(parts.reduce((length, part) => length + LENGTH_BYTES + mostBytes(part), 0));
  const lengths = new DataView(framed.buffer);
  let end = 0;
  for (const part of parts) {
    const place = framed.subarray(end + LENGTH_BYTES);
    const length = typeof part === "string" ? encoder.encodeInto(part, place).written : part.length;
    if (typeof part !== "string") place.set(part);
    lengths.setUint32(end, length);
    end += LENGTH_BYTES + length;
  }
  return framed.subarray(0, end);
}

const encoder = new TextEncoder();
const LENGTH_BYTES = 4;

/** A UTF-16 code unit takes three bytes of UTF-8 at the most. */
function mostBytes(part: string | Uint8Array): number {
  return typeof part === "string" ? 3 * part.length : part.length;
}
