import { etag } from "hono/etag";
import { createHandlers } from "./handlers.ts";

/** Seconds. `npm run keys -- --rotate` and the README derive from their sum how long a new key is published before it signs. */
const CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=600";

/**
 * `GET /.well-known/jwks.json`: the public halves of `SIGNING_KEYS`, a bare JWK set (RFC 7517 section 5). As
 * application/json, since there are clients that take nothing else.
 */
export const jwks = createHandlers(etag(), (c) =>
  c.json(c.var.deps.signingKeys.jwks, 200, { "Cache-Control": CACHE_CONTROL }),
);
