import { PUBLIC } from "../errors.ts";
import { rateLimitFields } from "../limits/fields.ts";
import type { Standing } from "../limits/limit.ts";
import { refuse } from "./answer.ts";
import type { AppContext } from "./env.ts";

/** A 429 that says in every way how long: by the limit that makes the caller wait longest. */
export function refuseOverLimit(c: AppContext, longest: Standing, standings: readonly Standing[]) {
  const { limit, waitMs } = longest;
  return refuse(c, PUBLIC.over_limit, {
    reason: `over_limit:${limit}`,
    retryAfterMs: waitMs,
    extra: { retryAfterMs: waitMs, limit },
    headers: rateLimitFields(standings),
  });
}
