import { setTimeout } from "node:timers/promises";
import type { TimedAnswer } from "../../rig/client.ts";

/** Waits no longer than a person with patience would; null then. */
export async function waitFor<Answer extends { readonly answer: TimedAnswer }>(
  asked: Promise<Answer>,
): Promise<Answer | null> {
  const patience = new AbortController();
  const answer = await Promise.race([asked, setTimeout(PATIENCE_MS, null, { signal: patience.signal })]);
  patience.abort();
  return answer;
}

export const PATIENCE_MS = 30_000;
