import { createHash } from "node:crypto";

/** A request as it was received: header names in lower case, `path` and `query` still percent-encoded. */
export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** The SHA-256, in hex, of the canonical form of what was received, with the headers that were signed. */
export function hashCanonicalRequest(request: SignedRequest, signedHeaders: readonly string[]): string {
  const headers = signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? "").trim().replaceAll(/ +/g, " ")}\n`,
  );
  const canonical = [
    request.method,
    request.path.split("/").map(encode).join("/") || "/",
    canonicalQuery(request.query),
    headers.join(""),
    signedHeaders.join(";"),
    sha256(request.body),
  ];
  return sha256(canonical.join("\n"));
}

function canonicalQuery(query: string): string {
  const pairs = query.replace(/^\?/, "").split("&").filter(Boolean);
  return pairs
    .map((pair) => {
      const [name = "", ...value] = pair.split("=");
      return `${name}=${value.join("=")}`;
    })
    .sort()
    .join("&");
}

/** Once more, as every service but S3 wants it, of a path that came percent-encoded. */
const encode = (segment: string): string =>
  encodeURIComponent(segment).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const sha256 = (content: string | Uint8Array): string => createHash("sha256").update(content).digest("hex");
