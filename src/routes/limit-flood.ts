import type { MiddlewareHandler } from "hono";
import type { BlankInput } from "hono/types";
import { PUBLIC } from "../errors.ts";
import { askRateLimiter } from "../limits/rate-limiter.ts";
import type { Refusal } from "./answer.ts";
import { refuse } from "./answer.ts";
import { clientAddressOf } from "./caller.ts";
import type { AppContext, AppEnv } from "./env.ts";
import { drainBody } from "./json-body.ts";

const LIMIT = "RATE_LIMITER";

/** The longer of the two periods that the binding can have; the Worker cannot know which, and must not be early. */
const PERIOD_SECONDS = 60;

/**
 * Where `RATE_LIMITER` is bound, refuses a flood from one address to one route before anything is read or asked. Never
 * in front of refresh: thousands of people share one address of a carrier, and the apps sign a person out whose refresh
 * fails.
 */
export const limitFlood: MiddlewareHandler<
  AppEnv,
  string,
  BlankInput,
  Refusal<"OTP_RATE_LIMIT_EXCEEDED">
> = async (c, next) => {
  const { rateLimiter } = c.get("deps").config;
  const outcome = rateLimiter === null ? "allowed" : await askRateLimiter(rateLimiter, keyOf(c));
  if (outcome !== "allowed") c.get("trace").rateLimiter = outcome;
  if (outcome !== "refused") {
    await next();
    return undefined;
  }
  await drainBody(c);
  const waitMs = PERIOD_SECONDS * 1000;
  return refuse(c, PUBLIC.over_limit, {
    reason: `over_limit:${LIMIT}`,
    retryAfterMs: waitMs,
    extra: { retryAfterMs: waitMs, limit: LIMIT },
    headers: { RateLimit: `"${LIMIT}";r=0;t=${PERIOD_SECONDS}` },
  });
};

function keyOf(c: AppContext): string {
  return `${c.req.path} ${clientAddressOf(c.req.header("CF-Connecting-IP"))}`;
}
