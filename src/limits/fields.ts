import type { LimitName, Standing } from "./limit.ts";

/** The budgets of the whole service are not among them: a caller cannot pace himself by those. */
const CALLERS_OWN: ReadonlySet<LimitName> = new Set([
  "resendAfterSeconds",
  "sendsPerHour",
  "sendsPerDay",
  "sendsPerDayReserve",
  "sendsPerHourPerIp",
  "verifiesPerHourPerIp",
]);

const OF_ADDRESS: ReadonlySet<LimitName> = new Set(["sendsPerHourPerIp", "verifiesPerHourPerIp"]);

/**
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11) of the caller's own limits, of those that
 * are on. Both are lists, and an empty list is no field (RFC 9651 section 3.1).
 *
 * `RateLimit` has the limits that allow no more now, and the seconds until they do, and what the caller's address has
 * left. What a number has left is not told: its sends may be somebody else's business (section 8.2).
 */
export function rateLimitFields(standings: readonly Standing[]): Record<string, string> {
  const own = standings.filter((standing) => CALLERS_OWN.has(standing.limit) && standing.windowSeconds > 0);
  const policies = own.map((one) => `"${one.limit}";q=${one.quota};w=${one.windowSeconds}`);
  const shown = own
    .filter((one) => one.waitMs > 0 || OF_ADDRESS.has(one.limit))
    .map((one) =>
      one.waitMs > 0
        ? `"${one.limit}";r=0;t=${Math.ceil(one.waitMs / 1000)}`
        : `"${one.limit}";r=${one.remaining}`,
    );
  return {
    ...(policies.length === 0 ? {} : { "RateLimit-Policy": policies.join(", ") }),
    ...(shown.length === 0 ? {} : { RateLimit: shown.join(", ") }),
  };
}
