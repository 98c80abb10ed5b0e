import { postOnce } from "../post-once.ts";
import { judgeAnswer } from "./answer.ts";
import type { CheckTurnstile } from "./port.ts";

export interface SiteverifyOptions {
  /** `https:`. */
  readonly url: string;
  readonly secret: string;
  /** For the whole call, the answer read to its end. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const MOST_BYTES = 16 * 1024;

/**
 * Cloudflare's siteverify by one POST. It says 400 where it does not like the secret, with the reason in the body as
 * ever; nobody passes by anything but a 200.
 */
export function createSiteverify({ url, secret, timeoutMs, now }: SiteverifyOptions): CheckTurnstile {
  return async ({ token, remoteIp, idempotencyKey, ...expected }) => {
    const remoteip = remoteIp === null ? {} : { remoteip: remoteIp };
    const posted = await postOnce({
      url,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ secret, response: token, ...remoteip, idempotency_key: idempotencyKey }),
      timeoutMs,
      mostBytes: MOST_BYTES,
      statuses: [200, 400],
    });
    if ("failure" in posted) return { kind: "unavailable", reason: posted.failure };
    const { status, bytes } = posted;
    const verdict = judgeAnswer(bytes, expected, now());
    const isNone = status !== 200 && verdict.kind === "passed";
    return isNone ? { kind: "unavailable", reason: `status_${status}` } : verdict;
  };
}
