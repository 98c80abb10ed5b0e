import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { createClient } from "../rig/client.ts";
import type { UpstreamState } from "../rig/upstreams.ts";
import { startWorkerd } from "../rig/workerd.ts";
import type { Candidate } from "./contender.ts";
import { median } from "./statistics.ts";

export interface Start {
  readonly name: string;
  readonly gzipKib: number;
  /** From spawn to the first answer, as ratio to the first of the candidates in the same round. */
  readonly ratio: number;
}

/** A candidate that answers a GET of this path with 200. */
export interface Starter extends Candidate {
  readonly path: string;
}

/** Starts all in turn, and again. */
export async function measureStart(
  candidates: readonly Starter[],
  {
    modules,
    upstreams,
    rounds,
  }: { modules: ReadonlyMap<string, string>; upstreams: UpstreamState; rounds: number },
): Promise<readonly Start[]> {
  const ratios = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    let first: number | null = null;
    for (const [index, candidate] of candidates.entries()) {
      const ms = await startOnce(candidate, moduleOf(candidate, modules), upstreams);
      first ??= ms;
      ratios[index]?.push(ms / first);
    }
  }
  return Promise.all(
    candidates.map(async (candidate, index) => ({
      name: candidate.name,
      gzipKib: gzipSync(await readFile(moduleOf(candidate, modules)), { level: 9 }).length / 1024,
      ratio: median(ratios[index] ?? []),
    })),
  );
}

async function startOnce(candidate: Starter, module: string, upstreams: UpstreamState): Promise<number> {
  const startedAt = performance.now();
  const workerd = await startWorkerd({
    module,
    bindings: candidate.bindings(upstreams.bindings),
    caPem: upstreams.caPem,
  });
  const client = createClient(workerd.url);
  try {
    const { status } = await client.get(candidate.path);
    if (status !== 200) throw new Error(`${candidate.name} answers ${status}`);
    return performance.now() - startedAt;
  } finally {
    client.close();
    await workerd.stop();
  }
}

function moduleOf({ name }: Candidate, modules: ReadonlyMap<string, string>): string {
  const module = modules.get(name);
  if (module === undefined) throw new Error(`${name} was not built`);
  return module;
}
