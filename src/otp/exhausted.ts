import type { Holder, Nonce, Subject } from "../ids.ts";

export interface GuessBudget {
  readonly subject: Subject;
  readonly nonce: Nonce;
  readonly holder: Holder;
}

/** Remembers for a while, in this isolate alone, who has no guesses left, so that hammering costs no commands. */
export interface ExhaustedGuesses {
  has(budget: GuessBudget, now: number): boolean;
  remember(budget: GuessBudget, now: number): void;
}

const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 10_000;

export function createExhaustedGuesses(): ExhaustedGuesses {
  const until = new Map<string, number>();
  return {
    has: (budget, now) => (until.get(keyOf(budget)) ?? 0) > now,
    remember(budget, now) {
      const key = keyOf(budget);
      until.delete(key);
      const [oldest] = until.keys();
      if (until.size >= MOST_REMEMBERED && oldest !== undefined) until.delete(oldest);
      until.set(key, now + REMEMBERED_MS);
    },
  };
}

function keyOf({ subject, nonce, holder }: GuessBudget): string {
  return `${subject}:${nonce}:${holder}`;
}
