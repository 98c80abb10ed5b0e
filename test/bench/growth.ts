import { startRedisServer } from "../rig/redis-server.ts";
import type { Arena, ArenaOptions } from "./arena.ts";
import { openArena } from "./arena.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";
import { fillWithChallenges } from "./fill-with-challenges.ts";
import type { LoopOptions } from "./closed-loop.ts";
import type { Rival } from "./round.ts";
import { playRound, rivalOf } from "./round.ts";
import { median } from "./statistics.ts";

export interface Growth {
  /** Live challenges in the store. */
  readonly live: number;
  /** Of Redis's memory, all keys of one person counted. */
  readonly bytesEach: number;
  /** The median of a verify, as ratio to that beside the fewest in the same round. */
  readonly latency: number;
}

export interface GrowthOptions extends LoopOptions, Pick<ArenaOptions<Rival>, "modules" | "directory"> {
  /** The fewest first. */
  readonly sizes: readonly number[];
  readonly rounds: number;
}

interface Filled {
  readonly live: number;
  readonly bytesEach: number;
  readonly arena: Arena<Rival>;
  close(): Promise<void>;
}

/** One real Redis for each size, all at once, and rounds at each in turn. */
export async function measureGrowth({
  sizes,
  rounds,
  ...options
}: GrowthOptions): Promise<readonly Growth[]> {
  const all: Filled[] = [];
  try {
    for (const live of sizes) all.push(await fill(live, options));
    const ratios = all.map((): number[] => []);
    for (let round = -1; round < rounds; round += 1) {
      let fewest: number | null = null;
      for (const [index, { arena }] of all.entries()) {
        const ms = await verifyMs(arena, options);
        fewest ??= ms;
        if (round >= 0) ratios[index]?.push(ms / fewest);
      }
    }
    return all.map(({ live, bytesEach }, index) => ({
      live,
      bytesEach,
      latency: median(ratios[index] ?? []),
    }));
  } finally {
    await Promise.all(all.map((filled) => filled.close()));
  }
}

async function fill(live: number, options: Omit<GrowthOptions, "sizes" | "rounds">): Promise<Filled> {
  const redis = await startRedisServer();
  const arena = await openArena({
    ...options,
    candidates: [rivalOf(edgeOtp)],
    redisUrl: redis.url,
    isCounted: false,
  });
  await playRound(onlyRunner(arena), arena.upstreams, { runs: 1, concurrency: 1 });
  const bytesEach = await fillWithChallenges(redis.url, live, () => sendOne(arena));
  return {
    live,
    bytesEach,
    arena,
    async close() {
      await arena.close();
      await redis.stop();
    },
  };
}

async function sendOne(arena: Arena<Rival>): Promise<void> {
  const { candidate, client } = onlyRunner(arena);
  await candidate.send(client, "+919800000001");
}

async function verifyMs(arena: Arena<Rival>, options: LoopOptions): Promise<number> {
  const { verify } = await playRound(onlyRunner(arena), arena.upstreams, options);
  return median(verify.latencies);
}

function onlyRunner({ runners: [runner] }: Arena<Rival>) {
  if (runner === undefined) throw new Error("nobody runs");
  return runner;
}
