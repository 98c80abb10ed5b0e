import { concatBytes, parseBase64url, toBase64url, utf8 } from "../bytes.ts";
import { deriveMac } from "../mac.ts";

const IV_BYTES = 12;

/** AES-256-GCM (NIST SP 800-38D) of JSON, bound to where it is kept: moved elsewhere, it does not open. */
export interface Seal {
  seal(place: string, content: unknown): Promise<string>;
  /** Null for what this key did not seal for this place. */
  open(place: string, sealed: string): Promise<unknown>;
}

/** What must be kept but not read in the store, such as the number of a session, is sealed with a key of `ID_SECRET`. */
export async function createSeal(
  idSecret: Uint8Array<ArrayBuffer>,
  random: (length: number) => Uint8Array<ArrayBuffer>,
): Promise<Seal> {
  const bytes = await (await deriveMac(idSecret, "seal"))();
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return {
    async seal(place, content) {
      const iv = random(IV_BYTES);
      const plain = utf8(JSON.stringify(content));
      const cipher = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: utf8(place) },
        key,
        plain,
      );
      return toBase64url(concatBytes(iv, new Uint8Array(cipher)));
    },
    async open(place, sealed) {
      const whole = parseBase64url(sealed);
      if (whole === null || whole.length <= IV_BYTES) return null;
      const algorithm = { name: "AES-GCM", iv: whole.subarray(0, IV_BYTES), additionalData: utf8(place) };
      try {
        const plain = await crypto.subtle.decrypt(algorithm, key, whole.subarray(IV_BYTES));
        return JSON.parse(new TextDecoder().decode(plain)) as unknown;
      } catch {
        return null;
      }
    },
  };
}
