import type { Answer, Step } from "../load/service.ts";
import { tell } from "./scene.ts";
import type { Timeline } from "./timeline.ts";
import { phaseOf } from "./timeline.ts";
import type { Variety } from "./variety.ts";

/** Of the Worker, in ms. */
export const STORE_TIMEOUT_MS = 1500;

/** The longest that each request may take to say that the store is away: each transaction's time, twice if it is repeated. */
const LIMITS_MS: Readonly<Record<Step, number>> = {
  // Taking back what it may have written is tried for a quarter of a second.
  send: 2 * STORE_TIMEOUT_MS + 250,
  verify: 2 * STORE_TIMEOUT_MS,
  refresh: 2 * STORE_TIMEOUT_MS,
  logout: 2 * STORE_TIMEOUT_MS,
  ready: STORE_TIMEOUT_MS,
};

/** What a busy machine adds, in ms. */
const SLACK_MS = 500;

/** A server that came back must be found again within so many ms, */
export const MOST_RECOVERY_MS = 2500;
/** and whoever asks after so many must be served: by then those who came back at once are. */
const MOST_ECHO_MS = 5000;

/** What is wrong with one answer by itself, whoever asked; null for nothing. */
export function judgeAnswer(answer: Answer, timeline: Timeline, variety: Variety): string | null {
  const { status, code, step } = answer;
  if (status === 503) return judgeUnavailable(answer, timeline, variety);
  const phase = phaseOf(answer, timeline);
  if (phase === "during" && variety.upstream === "store") return `while the store is away: ${tell(answer)}`;
  const isKnown = status === 200 || (status >= 400 && status < 500 && code !== "no code");
  return isKnown && (status !== 401 || step === "refresh") ? null : tell(answer);
}

function judgeUnavailable(answer: Answer, timeline: Timeline, variety: Variety): string | null {
  const { code, upstream, retryAfter, step, askedAt, endedAt } = answer;
  const phase = phaseOf(answer, timeline);
  if (code !== "SERVICE_UNAVAILABLE" || upstream !== variety.upstream) return tell(answer);
  if (retryAfter === null || !(retryAfter >= 1)) return `${tell(answer)} without Retry-After`;
  if (phase === "before") return `before the outage: ${tell(answer)}`;
  if (askedAt > timeline.readyAt + MOST_ECHO_MS) return `long after the outage: ${tell(answer)}`;
  const isLate =
    phase === "during" && variety.upstream === "store" && endedAt - askedAt > LIMITS_MS[step] + SLACK_MS;
  return isLate ? `${tell(answer)} after ${(endedAt - askedAt).toFixed(0)} ms` : null;
}
