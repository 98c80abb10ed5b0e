import type { Bearer } from "../sessions/bearer.ts";
import { identifyBearer } from "../sessions/bearer.ts";
import type { Refusal } from "./answer.ts";
import { refuse } from "./answer.ts";
import type { AppContext } from "./env.ts";

/** The token of `Authorization: Bearer` (RFC 6750 section 2.1), or null. */
export function bearerToken(c: AppContext): string | null {
  return /^Bearer +([\w~+/.-]+=*) *$/i.exec(c.req.header("Authorization") ?? "")?.[1] ?? null;
}

/** Who calls, or the response that refuses him. */
export async function requireBearer(
  c: AppContext,
): Promise<Bearer | { readonly refusal: Refusal<"UNAUTHORIZED"> }> {
  const token = bearerToken(c);
  if (token === null) return { refusal: refuseToken(c, "no_token") };
  const { deps, upstreams } = c.var;
  const bearer = await identifyBearer(token, { ...deps, ...upstreams });
  if (bearer === null) return { refusal: refuseToken(c, "token_no_good") };
  c.get("trace").role = bearer.app.role;
  return bearer;
}

/** The one 401 of this service: this token is no good (RFC 6750 section 3). */
export function refuseToken(c: AppContext, reason: string) {
  const error = reason === "no_token" ? "" : ', error="invalid_token"';
  return refuse(c, "UNAUTHORIZED", {
    reason,
    headers: { "WWW-Authenticate": `Bearer realm="edge-otp"${error}` },
  });
}
