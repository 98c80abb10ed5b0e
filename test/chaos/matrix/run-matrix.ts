import type { ChaosOptions, Findings } from "../parts.ts";
import { allEncounters } from "./encounters.ts";
import { nameOf } from "./cell.ts";
import { judgeCell } from "./judge-cell.ts";
import { allKeys } from "./leftovers.ts";
import { listCells, matrixTable } from "./matrix-table.ts";
import { runCells } from "./run-cells.ts";
import { shuffle } from "./shuffle.ts";
import { onStage } from "./stage.ts";

/** Every fault of an upstream against every request: what is answered, sent and kept, and who gets in afterwards. */
export async function runMatrix({ seed, ...options }: ChaosOptions): Promise<Findings> {
  return onStage(options, async (stage) => {
    const { cells, failures: unended } = await runCells(stage, shuffle(allEncounters(), seed), seed);
    const { withoutTtl } = await allKeys(stage.backend);
    const judged = cells.map((cell) => ({ cell, failures: judgeCell(cell) }));
    const failures = judged.flatMap(({ cell, failures: broken }) =>
      broken.map((sentence) => `${nameOf(cell)}: ${sentence}`),
    );
    return {
      table: matrixTable(judged),
      details: listCells(judged),
      failures: [
        ...unended,
        ...failures,
        ...stage.bad.reached.map((path) => `a server that nobody may talk to was asked for ${path}`),
        ...withoutTtl.map((key) => `${key} has no TTL`),
      ],
    };
  });
}
