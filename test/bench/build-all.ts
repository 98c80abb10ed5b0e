import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildCandidate } from "./build-candidate.ts";
import type { Candidate } from "./contender.ts";

const PEERS = join(import.meta.dirname, "peers");

/** Installs the peers as their lock file says, which only a benchmark needs. */
export async function installPeers(): Promise<void> {
  await promisify(execFile)("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: PEERS });
}

/** The path of each one's module, by its name. */
export async function buildAll(
  candidates: readonly Candidate[],
  directory: string,
): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>();
  for (const candidate of candidates) modules.set(candidate.name, await buildCandidate(directory, candidate));
  return modules;
}
