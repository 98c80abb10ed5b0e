import { setTimeout } from "node:timers/promises";
import type { Inbox } from "../load/inbox.ts";
import type { Answer, Service } from "../load/service.ts";
import type { Tally } from "../load/tally.ts";
import type { Timeline } from "./timeline.ts";
import type { Variety } from "./variety.ts";

/** What people meet in an outage. */
export interface Scene {
  readonly variety: Variety;
  readonly service: Service;
  readonly inbox: Inbox;
  readonly timeline: Timeline;
  /** Promises that were broken, a sentence each. */
  readonly failures: Tally;
}

export interface Insisted {
  /** The last one. */
  readonly answer: Answer;
  /** How many before it left it open what had been done. */
  readonly unanswered: number;
}

/** People give up after so long. */
const PATIENCE_MS = 45_000;

/** Asks again when the answer says so, after as long as it says, until there is another one. */
export async function insist(
  ask: () => Promise<Answer>,
  isOpen: (answer: Answer) => boolean,
): Promise<Insisted> {
  const until = performance.now() + PATIENCE_MS;
  for (let unanswered = 0; ;) {
    const answer = await ask();
    if (!isOpen(answer) || answer.retryAfter === null || performance.now() > until)
      return { answer, unanswered };
    if (answer.status === 503) unanswered += 1;
    await setTimeout(1000 * answer.retryAfter);
  }
}

export const isUnavailable = ({ status }: Answer): boolean => status === 503;

/** Whether what was in the store at this time is gone. */
export function isLost({ variety, timeline }: Scene, storedAt: number): boolean {
  return !variety.keepsData && storedAt < timeline.readyAt && performance.now() >= timeline.struckAt;
}

export function tell({ step, status, code }: Answer): string {
  return `${step} ${status} ${code}`;
}
