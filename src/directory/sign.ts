import { toHex, utf8 } from "../bytes.ts";

export interface SignedParts {
  /** Whole seconds since 1970. */
  readonly time: string;
  readonly method: string;
  /** With the query, as it stands in the request line. */
  readonly path: string;
  readonly body: string;
}

/**
 * `v1=` and the HMAC-SHA-256 (RFC 2104) of time, method, path with query, and body, in lower-case hex. A line feed
 * stands between the parts; none but the body, which is last, can hold one, so they cannot run into each other.
 */
export async function signRequest(
  secret: Uint8Array<ArrayBuffer>,
  { time, method, path, body }: SignedParts,
): Promise<string> {
  const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  const signed = utf8([time, method, path, body].join("\n"));
  return `v1=${toHex(new Uint8Array(await crypto.subtle.sign("HMAC", key, signed)))}`;
}
