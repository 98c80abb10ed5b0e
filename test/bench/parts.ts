import { markdownTable } from "../report/markdown-table.ts";
import { forkUpstreams } from "../rig/upstreams.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";
import { hello } from "./contenders/hello.ts";
import type { Correctness } from "./correctness.ts";
import { measureCorrectness } from "./correctness.ts";
import { correctnessTable } from "./correctness-table.ts";
import { measureCosts } from "./costs.ts";
import { measureGrowth } from "./growth.ts";
import { measureLatency } from "./latency.ts";
import type { Ring } from "./ring.ts";
import { measureStart } from "./start.ts";
import { costsTable, growthTable, latencyTable, startTable, throughputTable } from "./tables.ts";
import { measureThroughput } from "./throughput.ts";

/** What is measured, each as a table in Markdown: medians of so many rounds, in which all take their turn. */
export const parts = {
  costs: ({ contenders, withArena }) =>
    withArena({ candidates: contenders, isCounted: true }, async (arena) =>
      costsTable(await measureCosts(arena)),
    ),
  latency: ({ rivals, withArena }, rounds) =>
    withArena({ candidates: rivals }, async (arena) =>
      latencyTable(await measureLatency(arena, { rounds, runs: 800, concurrency: 8, mostPauseMs: 10 })),
    ),
  throughput: ({ rivals, withArena }, rounds) =>
    withArena({ candidates: rivals }, async (arena) =>
      throughputTable(await measureThroughput(arena, { rounds, runs: 1500, concurrency: 16 })),
    ),
  start: startPart,
  growth: async ({ modules, directory }, rounds) => {
    const sizes = [1000, 100_000, 1_000_000];
    const alone = { runs: 300, concurrency: 1 };
    return growthTable(await measureGrowth({ modules, directory, sizes, rounds: 2 * rounds, ...alone }));
  },
  correctness: correctnessPart,
} as const satisfies Record<string, (ring: Ring, rounds: number) => Promise<string>>;

export type Part = keyof typeof parts;

async function startPart({ bare, modules, directory }: Ring, rounds: number): Promise<string> {
  const upstreams = await forkUpstreams({ directory, redis: null, isCounted: false });
  try {
    const starters = [
      { ...hello, path: "/" },
      { ...bare, path: "/" },
      { ...edgeOtp, path: "/health" },
    ];
    return startTable(await measureStart(starters, { modules, upstreams, rounds: 3 * rounds }));
  } finally {
    await upstreams.close();
  }
}

async function correctnessPart({ contenders, modules, directory }: Ring): Promise<string> {
  const all: Correctness[] = [];
  for (const contender of contenders) {
    const module = modules.get(contender.name);
    if (module === undefined) throw new Error(`${contender.name} was not built`);
    all.push(await measureCorrectness(contender, { module, directory }));
  }
  const { head, rows } = correctnessTable(all);
  return markdownTable(head, rows);
}
