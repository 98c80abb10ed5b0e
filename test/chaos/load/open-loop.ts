import { setTimeout } from "node:timers/promises";
import type { Random } from "../../../src/local/load/random.ts";

export interface OpenLoopResult {
  readonly started: number;
  /** The most that were on their way at once. */
  readonly mostAtOnce: number;
}

/**
 * Starts a task for each arrival of a crowd that does not wait for its answers, until it is over; resolves when the last
 * task has ended.
 */
export async function openLoop(
  { ratePerSecond, random, isOver }: { ratePerSecond: number; random: Random; isOver: () => boolean },
  task: () => Promise<void>,
): Promise<OpenLoopResult> {
  const running = new Set<Promise<void>>();
  let started = 0;
  let mostAtOnce = 0;
  let due = performance.now();
  while (!isOver()) {
    const run = task().finally(() => running.delete(run));
    running.add(run);
    started += 1;
    mostAtOnce = Math.max(mostAtOnce, running.size);
    due += random.untilNextMs(ratePerSecond);
    await setTimeout(Math.max(0, due - performance.now()));
  }
  await Promise.all(running);
  return { started, mostAtOnce };
}
