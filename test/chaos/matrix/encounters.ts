import type { Action } from "./action.ts";
import { actions } from "./actions.ts";
import type { Encounter } from "./cell.ts";
import { doorFaults } from "./door-faults.ts";
import type { MatrixFault } from "./fault.ts";
import { snsFaults } from "./sns-faults.ts";
import { storeFaults } from "./store-faults.ts";

export const faults: readonly MatrixFault[] = [...storeFaults, ...snsFaults, ...doorFaults];

/** Every fault against every request that needs the upstream, once and lasting. */
export function allEncounters(): readonly Encounter[] {
  return faults.flatMap((fault) =>
    actions
      .filter(({ upstreams }) => upstreams.includes(fault.upstream))
      .flatMap((action) => modesOf(fault, action).map((mode) => ({ fault, mode, action }))),
  );
}

function modesOf(fault: MatrixFault, action: Action): readonly Encounter["mode"][] {
  // Nobody can refuse one connection and be there for the next.
  if ("door" in fault) return fault.door === "refused" ? ["lasting"] : ["once", "lasting"];
  const isLater = fault.upstream === "store" && action.later !== undefined;
  return isLater ? ["once", "lasting", "later"] : ["once", "lasting"];
}
