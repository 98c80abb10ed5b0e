import type { ChaosOptions, Findings } from "../parts.ts";
import { nameOf } from "./cell.ts";
import { allEncounters } from "./encounters.ts";
import { judgeCell } from "./judge-cell.ts";
import { allKeys } from "./leftovers.ts";
import { listCells, matrixTable } from "./matrix-table.ts";
import { runCells } from "./run-cells.ts";
import { shuffle } from "./shuffle.ts";
import { onStage } from "./stage.ts";

/**
 * Every fault of an upstream against every request, or only so many of the cells as the seed picks: what is answered,
 * sent and kept, and who gets in afterwards.
 */
export async function runMatrix(
  { seed, ...options }: ChaosOptions,
  most = Number.POSITIVE_INFINITY,
): Promise<Findings> {
  return onStage(options, async (stage) => {
    const picked = shuffle(allEncounters(), seed).slice(0, most);
    const { cells, failures: unended } = await runCells(stage, picked, seed);
    const { withoutTtl } = await allKeys(stage.backend);
    const judged = cells.map((cell) => ({ cell, failures: judgeCell(cell) }));
    return {
      table: matrixTable(judged),
      details: listCells(judged),
      failures: [
        ...unended,
        ...judged.flatMap(({ cell, failures }) => failures.map((broken) => `${nameOf(cell)}: ${broken}`)),
        ...stage.bad.reached.map((path) => `a server that nobody may talk to was asked for ${path}`),
        ...withoutTtl.map((key) => `${key} has no TTL`),
      ],
    };
  });
}
