import { setTimeout } from "node:timers/promises";

export interface LoopResult {
  /** Of each run, in ms, in the order of their ends. */
  readonly latencies: readonly number[];
  /** From the first start to the last end, in ms. */
  readonly elapsedMs: number;
}

export interface LoopOptions {
  readonly runs: number;
  readonly concurrency: number;
  /** The longest that whoever has his answer waits before he asks again, in ms; how long is random. None by default. */
  readonly mostPauseMs?: number;
}

/** Runs a task for each index from 0, so many at a time; each answers how long it took, in ms. */
export async function closedLoop(
  { runs, concurrency, mostPauseMs = 0 }: LoopOptions,
  task: (index: number) => Promise<number>,
): Promise<LoopResult> {
  const latencies: number[] = [];
  let next = 0;
  const startedAt = performance.now();
  const work = async (): Promise<void> => {
    for (let index = next++; index < runs; index = next++) {
      if (mostPauseMs > 0) await setTimeout(Math.random() * mostPauseMs);
      latencies.push(await task(index));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return { latencies, elapsedMs: performance.now() - startedAt };
}
