import { setTimeout } from "node:timers/promises";
import type { Redis } from "ioredis";
import { median } from "../../bench/statistics.ts";
import type { Inspector } from "../../rig/inspector.ts";
import type { Workerd } from "../../rig/workerd.ts";

/** What the service had at one moment, in bytes. */
export interface Sample {
  /** What V8 still uses after a collection of garbage. */
  readonly live: number;
  /** Of workerd's process, as the kernel counts it. */
  readonly resident: number;
  /** Of Redis. */
  readonly stored: number;
}

/** One after another, with so many ms between them, until it is over. */
export async function takeSamples(
  of: { readonly inspector: Inspector; readonly workerd: Workerd; readonly redis: Redis },
  { everyMs, isOver }: { readonly everyMs: number; readonly isOver: () => boolean },
): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  while (!isOver()) {
    samples.push(await takeSample(of));
    await setTimeout(everyMs);
  }
  return samples;
}

async function takeSample({ inspector, workerd, redis }: Parameters<typeof takeSamples>[0]): Promise<Sample> {
  const { memoryKib } = await workerd.usage();
  const stored = Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  return { live: await inspector.liveBytes(), resident: memoryKib * 1024, stored };
}

/** The medians of the second quarter and of the last: the first warms up. */
export function quartersOf(values: readonly number[]): { readonly second: number; readonly last: number } {
  const quarter = Math.floor(values.length / 4);
  return { second: median(values.slice(quarter, 2 * quarter)), last: median(values.slice(-quarter)) };
}
