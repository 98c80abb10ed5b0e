import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedisServer } from "../rig/redis-server.ts";
import type { Arena } from "./arena.ts";
import { openArena } from "./arena.ts";
import { buildAll, installPeers } from "./build-all.ts";
import type { Candidate, Contender } from "./contender.ts";
import type { Bare } from "./contenders/bare.ts";
import { createBare } from "./contenders/bare.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";
import { hello } from "./contenders/hello.ts";
import { contenders } from "./contenders.ts";
import { recordTransactions } from "./record-transactions.ts";
import type { Rival } from "./round.ts";
import { rivalOf, rivalOfBare } from "./round.ts";

/** All that is measured, built, and where. */
export interface Ring {
  readonly contenders: readonly Contender[];
  readonly bare: Bare;
  /** The bare Worker first. */
  readonly rivals: readonly Rival[];
  /** The path of each one's module, by its name. */
  readonly modules: ReadonlyMap<string, string>;
  /** Where the certificate authority lives. */
  readonly directory: string;
  /** Runs these on upstreams of their own, and ends them. */
  readonly withArena: <Kind extends Candidate, Found>(
    of: { readonly candidates: readonly Kind[]; readonly isCounted?: boolean },
    measure: (arena: Arena<Kind>) => Promise<Found>,
  ) => Promise<Found>;
  close(): Promise<void>;
}

export async function openRing(): Promise<Ring> {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-bench-"));
  const redis = await startRedisServer();
  const close = async (): Promise<void> => {
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await installPeers();
    const own = await buildAll([edgeOtp], directory);
    const at = { directory, redisUrl: redis.url };
    const bare = createBare(await recordTransactions({ ...at, modules: own }));
    const others = contenders.filter((contender) => contender !== edgeOtp);
    const modules = new Map([...own, ...(await buildAll([bare, hello, ...others], directory))]);
    return {
      contenders,
      bare,
      rivals: [rivalOfBare(bare), ...contenders.map(rivalOf)],
      modules,
      directory,
      withArena: async ({ candidates, isCounted = false }, measure) => {
        const arena = await openArena({ ...at, modules, candidates, isCounted });
        try {
          return await measure(arena);
        } finally {
          await arena.close();
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
