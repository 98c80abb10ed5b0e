import type { Arena } from "./arena.ts";
import type { LoopOptions } from "./closed-loop.ts";
import type { Rival } from "./round.ts";
import { playRound } from "./round.ts";
import { median, percentile } from "./statistics.ts";

/** There and back, in ms. */
export const DISTANCE = { store: 40, sms: 60 } as const;

/** The round trips that nobody can do without: a send asks the store and SNS, a verify the store. */
const PHYSICS = { send: DISTANCE.store + DISTANCE.sms, verify: DISTANCE.store } as const;

/** Times as ratios to what physics asks for. */
export interface Latency {
  readonly name: string;
  readonly send: Quantiles;
  readonly verify: Quantiles;
}

interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}

/** The first answers of a phase, which wait for connections that nobody needed while the others had their turn. */
const OPENING = 16;

/** Rounds of all in turn; of each the median of its rounds. The first round warms up and does not count. */
export async function measureLatency(
  { runners, upstreams }: Arena<Rival>,
  { rounds, ...options }: LoopOptions & { readonly rounds: number },
): Promise<readonly Latency[]> {
  await upstreams.setDistances(DISTANCE.store, DISTANCE.sms);
  const played = runners.map(() => ({ send: [] as Quantiles[], verify: [] as Quantiles[] }));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, runner] of runners.entries()) {
      const { send, verify } = await playRound(runner, upstreams, options);
      if (round === 0) continue;
      played[index]?.send.push(quantilesOf(send.latencies.slice(OPENING), PHYSICS.send));
      played[index]?.verify.push(quantilesOf(verify.latencies.slice(OPENING), PHYSICS.verify));
    }
  }
  await upstreams.setDistances(0, 0);
  return runners.map(({ candidate }, index) => ({
    name: candidate.name,
    send: middle(played[index]?.send ?? []),
    verify: middle(played[index]?.verify ?? []),
  }));
}

function quantilesOf(latencies: readonly number[], physics: number): Quantiles {
  return { p50: median(latencies) / physics, p99: percentile(latencies, 0.99) / physics };
}

function middle(rounds: readonly Quantiles[]): Quantiles {
  return { p50: median(rounds.map(({ p50 }) => p50)), p99: median(rounds.map(({ p99 }) => p99)) };
}
