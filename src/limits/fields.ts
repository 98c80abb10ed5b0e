import type { LimitName, Standing } from "./limit.ts";

/** The budgets of the whole service are not among them: a caller cannot pace himself by those. */
const CALLERS_OWN: ReadonlySet<LimitName> = new Set([
  "resendAfterSeconds",
  "sendsPerHour",
  "sendsPerDay",
  "sendsPerHourPerIp",
  "verifiesPerHourPerIp",
]);

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10), of the caller's own limits. */
export function rateLimitFields(standings: readonly Standing[]): Record<string, string> {
  const own = standings.filter((standing) => CALLERS_OWN.has(standing.limit) && standing.windowSeconds > 0);
  return {
    "RateLimit-Policy": own.map((one) => `"${one.limit}";q=${one.quota};w=${one.windowSeconds}`).join(", "),
    RateLimit: own
      .map(
        (one) =>
          `"${one.limit}";r=${one.remaining}${one.waitMs > 0 ? `;t=${Math.ceil(one.waitMs / 1000)}` : ""}`,
      )
      .join(", "),
  };
}
