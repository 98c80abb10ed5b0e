import { keys, ttl } from "./keys.ts";
import type { Budget, Counter, WindowCount } from "./send-port.ts";
import { readCount, readCounterText } from "./replies.ts";
import type { Pipeline } from "./transaction.ts";
import { last } from "./transaction.ts";

/** Counts a request in its window. */
export function count(tx: Pipeline, counter: Counter): number {
  tx.incr(keys.count(counter));
  const current = last(tx);
  tx.expire(keys.count(counter), ttl.count);
  return current;
}

/** The key of the window before. */
export function keyBefore(counter: Counter): string {
  return keys.count({ ...counter, window: counter.window - 1 });
}

export function readWindows(current: unknown, previous: unknown): WindowCount {
  return { current: readCount(current, 1), previous: readCounterText(previous) };
}

export function countBudgets(tx: Pipeline, budgets: readonly Budget[]): readonly number[] {
  const counted = budgets.map(({ date, scope }) => last(tx.hincrby(keys.budgets(date), scope, 1)));
  for (const key of keysOf(budgets)) tx.expire(key, ttl.budget);
  return counted;
}

/** With a TTL, since a late refund would otherwise leave a key for ever. */
export function uncountBudgets(tx: Pipeline, budgets: readonly Budget[]): void {
  for (const { date, scope } of budgets) tx.hincrby(keys.budgets(date), scope, -1);
  for (const key of keysOf(budgets)) tx.expire(key, ttl.budget, "NX");
}

/** The same. */
export function uncount(tx: Pipeline, key: string, seconds: number): void {
  tx.decr(key).expire(key, seconds, "NX");
}

function keysOf(budgets: readonly Budget[]): ReadonlySet<string> {
  return new Set(budgets.map(({ date }) => keys.budgets(date)));
}
