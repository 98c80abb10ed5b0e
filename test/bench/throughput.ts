import type { Arena } from "./arena.ts";
import type { LoopOptions } from "./closed-loop.ts";
import type { Phase, Rival } from "./round.ts";
import { playRound } from "./round.ts";
import { median } from "./statistics.ts";

/** Ratios to the bare Worker in the same round, above 1 for what is better than it. */
export interface Throughput {
  readonly name: string;
  readonly send: Ratios;
  readonly verify: Ratios;
}

interface Ratios {
  /** Requests a second. */
  readonly rate: number;
  /** Requests for a second of the Worker's CPU. */
  readonly perCpu: number;
}

/** Rounds of all in turn, the bare Worker first; of each the median of its ratios. The first rounds warm up. */
export async function measureThroughput(
  { runners, upstreams }: Arena<Rival>,
  { rounds, ...options }: LoopOptions & { readonly rounds: number },
): Promise<readonly Throughput[]> {
  const played = runners.map(() => ({ send: [] as Ratios[], verify: [] as Ratios[] }));
  for (let round = -WARM_UP; round < rounds; round += 1) {
    let bare: { readonly send: Phase; readonly verify: Phase } | null = null;
    for (const [index, runner] of runners.entries()) {
      const phases = await playRound(runner, upstreams, options);
      bare ??= phases;
      if (round < 0) continue;
      played[index]?.send.push(ratiosOf(phases.send, bare.send));
      played[index]?.verify.push(ratiosOf(phases.verify, bare.verify));
    }
  }
  return runners.map(({ candidate }, index) => ({
    name: candidate.name,
    send: middle(played[index]?.send ?? []),
    verify: middle(played[index]?.verify ?? []),
  }));
}

const WARM_UP = 2;

function ratiosOf(phase: Phase, bare: Phase): Ratios {
  return { rate: bare.elapsedMs / phase.elapsedMs, perCpu: bare.cpuMs / phase.cpuMs };
}

function middle(rounds: readonly Ratios[]): Ratios {
  return { rate: median(rounds.map(({ rate }) => rate)), perCpu: median(rounds.map(({ perCpu }) => perCpu)) };
}
