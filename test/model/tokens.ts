/** What a challenge id says in clear: DESIGN.md, "The challenge protocol". `issuedAt` in milliseconds since 1970. */
export interface ChallengeParts {
  readonly nonce: string;
  readonly issuedAt: number;
  readonly holder: string;
}

/** What a refresh token says in clear: src/tokens/refresh.ts. `createdAt` in milliseconds since 1970. */
export interface RefreshParts {
  readonly sid: string;
  readonly createdAt: number;
  readonly generation: number;
}

export function readChallenge(id: string): ChallengeParts {
  const bytes = Buffer.from(id, "base64url");
  return {
    nonce: bytes.toString("base64url", 0, 18),
    issuedAt: bytes.readUIntBE(18, 6),
    holder: bytes.toString("base64url", 24, 32),
  };
}

export function readRefresh(token: string): RefreshParts {
  const bytes = Buffer.from(token, "base64url");
  return {
    sid: bytes.toString("base64url", 0, 12),
    createdAt: bytes.readUIntBE(30, 6),
    generation: bytes.readUInt32BE(36),
  };
}

/** The same with another last bit of its first byte: nobody made it. */
export function forge(id: string): string {
  const bytes = Buffer.from(id, "base64url");
  bytes.writeUInt8(bytes.readUInt8(0) ^ 1, 0);
  return bytes.toString("base64url");
}

/** The payload of a JWT, unchecked. */
export function readClaims(jwt: string): Readonly<Record<string, unknown>> {
  const [, payload = ""] = jwt.split(".");
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Record<string, unknown>;
}
