/** Workers' rate limit binding: a count for each key, approximate, and of one Cloudflare location alone. */
export interface RateLimiter {
  limit(of: { readonly key: string }): Promise<{ readonly success: boolean }>;
}

export function isRateLimiter(value: unknown): boolean {
  return typeof value === "object" && value !== null && "limit" in value && typeof value.limit === "function";
}

/** It counts in memory, so one that takes longer has a fault. */
const MOST_WAIT_MS = 250;

/**
 * Counts this request. The binding only spares the store floods; the limits that hold are counted there. So one that
 * throws, is silent or answers nonsense has `failed`, which refuses nobody. Never throws.
 */
export async function askRateLimiter(
  limiter: RateLimiter,
  key: string,
): Promise<"allowed" | "refused" | "failed"> {
  const { promise: silence, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), MOST_WAIT_MS);
  try {
    const answer: unknown = await Promise.race([limiter.limit({ key }), silence]);
    if (typeof answer !== "object" || answer === null || !("success" in answer)) return "failed";
    if (answer.success === true) return "allowed";
    return answer.success === false ? "refused" : "failed";
  } catch {
    return "failed";
  } finally {
    clearTimeout(timer);
  }
}
