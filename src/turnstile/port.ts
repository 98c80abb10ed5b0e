/** A token of Turnstile's widget, and what it must have been solved for. */
export interface TurnstileQuery {
  readonly token: string;
  readonly action: string;
  /** In lower case. */
  readonly hostnames: readonly string[];
  /** Null where the client's address is not known. */
  readonly remoteIp: string | null;
  /** A UUID. Cloudflare spends a token at its first use, and takes it again under the same key alone. */
  readonly idempotencyKey: string;
}

/**
 * `unavailable`: Cloudflare did not say whether the token is good. The reasons are words of ours, or error codes of
 * Cloudflare's that we know.
 */
export type TurnstileVerdict =
  { readonly kind: "passed" } | { readonly kind: "refused" | "unavailable"; readonly reason: string };

/** One call, once, within 2 s, the answer included. Never throws. */
export type CheckTurnstile = (query: TurnstileQuery) => Promise<TurnstileVerdict>;
