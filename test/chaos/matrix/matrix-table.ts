import { markdownTable } from "../../report/markdown-table.ts";
import { actions } from "./actions.ts";
import type { Cell } from "./cell.ts";
import { faults } from "./encounters.ts";

export interface Judged {
  readonly cell: Cell;
  readonly failures: readonly string[];
}

/** Faults down, requests across; in each place the answer to a fault that comes once, and to one that lasts. */
export function matrixTable(judged: readonly Judged[]): string {
  const rows = faults.map((fault) => [
    `${fault.upstream === "store" ? "The store" : "SNS"} ${fault.name}`,
    ...actions.map((action) => {
      const of = judged.filter(({ cell }) => cell.fault === fault && cell.action === action);
      return (["once", "lasting"] as const)
        .map((mode) => of.find(({ cell }) => cell.mode === mode))
        .map((one) =>
          one === undefined ? "" : `${one.cell.answer.status}${one.failures.length > 0 ? "!" : ""}`,
        )
        .join(" ");
    }),
  ]);
  return markdownTable(["", ...actions.map(({ name }) => name)], rows);
}
