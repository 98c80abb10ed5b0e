import { createRandom } from "../../../src/local/load/random.ts";
import { onStand } from "../load/stand.ts";
import type { ChaosOptions, Findings } from "../parts.ts";
import { judgeSoak } from "./judge-soak.ts";
import { LIFETIMES, POLICY, soak } from "./soak.ts";
import { soakDetails, soakTable } from "./soak-table.ts";

/** Sign-ins at half of what the service can do, for a long while: nothing grows, nothing fails, no code works twice. */
export async function runSoak({ module, directory, seed, soakSeconds }: ChaosOptions): Promise<Findings> {
  const { refreshTokenSeconds } = LIFETIMES;
  const options = { module, directory, policy: POLICY, refreshTokenSeconds };
  const soaked = await onStand({ ...options, isDurable: false, isInspected: true }, (stand) =>
    soak(stand, { seconds: soakSeconds, random: createRandom(seed) }),
  );
  return { table: soakTable(soaked), details: soakDetails(soaked), failures: judgeSoak(soaked) };
}
