import * as z from "zod/mini";
import { utf8 } from "../bytes.ts";

const MOST_BYTES = 2048;

/** What this service, or whoever checks its tokens, reads a meaning of its own into (RFC 7519, 7800, 8693, OIDC Core). */
const RESERVED = new Set([
  "iss",
  "aud",
  "sub",
  "exp",
  "nbf",
  "iat",
  "jti",
  "role",
  "phone_number",
  "phone_number_verified",
  "amr",
  "auth_time",
  "sid",
  "azp",
  "acr",
  "act",
  "scope",
  "client_id",
  "cnf",
  "__proto__",
]);

/**
 * Extra claims, 2 KiB of JSON at most; absent and null are none. One that is reserved is refused, and the whole answer
 * with it: to drop it would leave a backend believing that it had set it.
 */
export const claimsSchema = z.pipe(
  z.nullish(z.custom<Readonly<Record<string, unknown>>>(areClaims)),
  z.transform((claims) => claims ?? {}),
);

function areClaims(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.keys(value).every(isFree) && utf8(JSON.stringify(value)).length <= MOST_BYTES;
}

/**
 * Go's encoding/json, for one, matches names without regard to case and folds Unicode: there "SUB" and "ſub" would
 * stand for "sub". So names are ASCII, and are compared in lower case.
 */
function isFree(name: string): boolean {
  return /^[!-~]{1,128}$/.test(name) && !RESERVED.has(name.toLowerCase());
}
