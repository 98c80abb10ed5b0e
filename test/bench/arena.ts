import type { Client } from "../rig/client.ts";
import { createClient } from "../rig/client.ts";
import type { ForkedUpstreams } from "../rig/upstreams.ts";
import { forkUpstreams } from "../rig/upstreams.ts";
import type { Workerd } from "../rig/workerd.ts";
import { startWorkerd } from "../rig/workerd.ts";
import type { Candidate } from "./contender.ts";

/** A candidate that runs. */
export interface Runner<Kind extends Candidate> {
  readonly candidate: Kind;
  readonly workerd: Workerd;
  readonly client: Client;
}

/** Some candidates, all on the same two upstreams. */
export interface Arena<Kind extends Candidate> {
  readonly upstreams: ForkedUpstreams;
  readonly runners: readonly Runner<Kind>[];
  close(): Promise<void>;
}

export interface ArenaOptions<Kind extends Candidate> {
  readonly candidates: readonly Kind[];
  /** The path of each one's module, by its name. */
  readonly modules: ReadonlyMap<string, string>;
  readonly directory: string;
  readonly redisUrl: string;
  readonly isCounted: boolean;
}

export async function openArena<Kind extends Candidate>(options: ArenaOptions<Kind>): Promise<Arena<Kind>> {
  const { candidates, modules, directory, redisUrl, isCounted } = options;
  const redis = { url: redisUrl, isUnchecked: true };
  const upstreams = await forkUpstreams({ directory, redis, isCounted });
  const runners = await Promise.all(
    candidates.map(async (candidate) => {
      const module = modules.get(candidate.name);
      if (module === undefined) throw new Error(`${candidate.name} was not built`);
      const bindings = candidate.bindings(upstreams.bindings);
      const workerd = await startWorkerd({ module, bindings, caPem: upstreams.caPem });
      return { candidate, workerd, client: createClient(workerd.url) };
    }),
  );
  return {
    upstreams,
    runners,
    async close() {
      for (const { client } of runners) client.close();
      await Promise.all(runners.map(({ workerd }) => workerd.stop()));
      await upstreams.close();
    },
  };
}
