import { concatBytes, utf8 } from "./bytes.ts";

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
  const framed = parts.flatMap((part) => {
    const bytes = typeof part === "string" ? utf8(part) : part;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, bytes.length);
    return [length, bytes];
  });
  return concatBytes(...framed);
}
