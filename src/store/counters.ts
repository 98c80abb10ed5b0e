import { keys, ttl } from "./keys.ts";
import type { Counter, WindowCount } from "./port.ts";
import { readCount, readCounterText } from "./replies.ts";
import type { Pipeline, Replies } from "./transaction.ts";
import { last } from "./transaction.ts";

/** Counts a request in its window, and reads the window before. */
export function count(tx: Pipeline, counter: Counter) {
  tx.incr(keys.count(counter));
  const current = last(tx);
  tx.get(keys.count({ ...counter, window: counter.window - 1 }));
  const previous = last(tx);
  tx.expire(keys.count(counter), ttl.count);
  return { current, previous };
}

export function readWindows({ current, previous }: Replies<ReturnType<typeof count>>): WindowCount {
  return { current: readCount(current, 1), previous: readCounterText(previous) };
}

/** With a TTL, since a late refund would otherwise leave a key for ever. */
export function uncount(tx: Pipeline, key: string, seconds: number): void {
  tx.decr(key).expire(key, seconds, "NX");
}
