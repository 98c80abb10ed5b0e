import type { Demands } from "./demand.ts";
import { measureDemand } from "./demand.ts";
import type { Loads } from "./load.ts";
import { loadsOf } from "./load.ts";
import type { Stored } from "./storage.ts";
import { measureStored } from "./storage.ts";

/** All that the tables are computed from, beside the limits, the prices and the mix. */
export interface Measured {
  readonly demands: Demands;
  readonly loads: Loads;
  readonly stored: readonly Stored[];
}

export async function measure(): Promise<Measured> {
  const demands = await measureDemand();
  return { demands, loads: loadsOf(demands), stored: await measureStored() };
}
