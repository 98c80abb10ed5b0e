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
      .flatMap((action) => modesOf(fault).map((mode) => ({ fault, mode, action }))),
  );
}

/** Nobody can refuse one connection and be there for the next. */
function modesOf(fault: MatrixFault): readonly Encounter["mode"][] {
  return "door" in fault && fault.door === "refused" ? ["lasting"] : ["once", "lasting"];
}
