import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { AppEnv } from "./env.ts";

/** Seconds that a browser remembers what it may ask; the longest that Chromium takes. */
const MAX_AGE_SECONDS = 7200;

const allow = cors({
  origin: (origin) => origin,
  allowMethods: ["GET", "POST", "DELETE"],
  allowHeaders: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "X-Idempotency-Key",
    "X-Request-Id",
    "traceparent",
    "tracestate",
  ],
  exposeHeaders: ["RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-Request-Id"],
  maxAge: MAX_AGE_SECONDS,
});

/**
 * Lets the roles' own pages call from a browser, without cookies (CORS, in the Fetch standard). Other people's pages may
 * not: they would guess and ask from the addresses of their visitors.
 */
export const allowOwnPages: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { pageHosts } = c.get("deps").config.apps;
  const origin = c.req.header("Origin");
  if (origin !== undefined && isOwnPage(origin, pageHosts)) return allow(c, next);
  await next();
  if (pageHosts.size > 0 && !c.res.headers.has("Vary")) c.res.headers.append("Vary", "Origin");
  return undefined;
};

/** Over https, on its port alone; on localhost as whoever develops it serves it. */
export function isOwnPage(origin: string, pageHosts: ReadonlySet<string>): boolean {
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.origin !== origin || !pageHosts.has(url.hostname)) return false;
  return url.hostname === "localhost" || (url.protocol === "https:" && url.port === "");
}
