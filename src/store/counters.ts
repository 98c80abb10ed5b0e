import { keys, ttl } from "./keys.ts";
import type { Counter } from "./port.ts";
import type { Pipeline } from "./transaction.ts";

/** Counts a request, reads the window before: three replies, of which the last says nothing. */
export function count(tx: Pipeline, counter: Counter): void {
  tx.incr(keys.count(counter));
  tx.get(keys.count({ ...counter, window: counter.window - 1 }));
  tx.expire(keys.count(counter), ttl.count);
}

/** With a TTL, since a late refund would otherwise leave a key for ever. */
export function uncount(tx: Pipeline, key: string, seconds: number): void {
  tx.decr(key).expire(key, seconds, "NX");
}
