import type { Holder, Nonce, Subject } from "../ids.ts";

export interface GuessBudget {
  readonly subject: Subject;
  readonly nonce: Nonce;
  readonly holder: Holder;
}

/** `used`: the code is somebody's, and what is wrong will be refused without being counted. */
export type Exhausted = "out_of_guesses" | "used";

/** Remembers for a while, in this isolate alone, whose guesses are over, so that hammering costs no commands. */
export interface ExhaustedGuesses {
  refusalOf(budget: GuessBudget, now: number): Exhausted | null;
  remember(budget: GuessBudget, refusal: Exhausted, now: number): void;
}

const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 10_000;

export function createExhaustedGuesses(): ExhaustedGuesses {
  const known = new Map<string, { readonly refusal: Exhausted; readonly until: number }>();
  return {
    refusalOf(budget, now) {
      const found = known.get(keyOf(budget));
      return found !== undefined && found.until > now ? found.refusal : null;
    },
    remember(budget, refusal, now) {
      const key = keyOf(budget);
      known.delete(key);
      const [oldest] = known.keys();
      if (known.size >= MOST_REMEMBERED && oldest !== undefined) known.delete(oldest);
      known.set(key, { refusal, until: now + REMEMBERED_MS });
    },
  };
}

function keyOf({ subject, nonce, holder }: GuessBudget): string {
  return `${subject}:${nonce}:${holder}`;
}
