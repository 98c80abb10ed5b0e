import { join } from "node:path";
import { buildBundle } from "../harness/bundle.ts";
import type { Candidate } from "./contender.ts";

/** Builds as `wrangler deploy` does, all with the service's own settings; the path of the one module. */
export function buildCandidate(directory: string, { name, entry }: Candidate): Promise<string> {
  return buildBundle(join(directory, name), entry ?? undefined);
}
