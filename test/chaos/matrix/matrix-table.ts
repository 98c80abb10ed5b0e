import { markdownTable } from "../../report/markdown-table.ts";
import { whole } from "../../report/format.ts";
import type { Action } from "./action.ts";
import { actions } from "./actions.ts";
import type { Cell } from "./cell.ts";
import { whoOf } from "./cell.ts";
import { faults } from "./encounters.ts";
import type { MatrixFault } from "./fault.ts";

export interface Judged {
  readonly cell: Cell;
  readonly failures: readonly string[];
}

/** What each fault brings each request, what became of each request, and the sums, in Markdown. */
export function matrixTable(judged: readonly Judged[]): string {
  return [
    totals(judged),
    answersTable(judged, "store"),
    answersTable(judged, "sns"),
    requestsTable(judged),
  ].join("\n");
}

function totals(judged: readonly Judged[]): string {
  const count = (isSo: (one: Judged) => boolean): string => whole(judged.filter(isSo).length);
  const slowest = Math.max(...judged.map(({ cell }) => cell.answer.ms));
  const sums: readonly (readonly [string, string])[] = [
    ["cells", whole(judged.length)],
    ["as promised", count(({ failures }) => failures.length === 0)],
    ["got in afterwards by the code that they had", count(({ cell }) => cell.wayIn === "same code")],
    ["by one that they asked for", count(({ cell }) => cell.wayIn === "new code")],
    ["by a session that lived on", count(({ cell }) => cell.wayIn === "session")],
    ["not at all", count(({ cell }) => cell.wayIn === null)],
    ["cells with two SMS", count(({ cell }) => cell.sms > 1)],
    ["keys without TTL", whole(judged.flatMap(({ cell }) => cell.left.withoutTtl).length)],
    ["slowest answer", `${whole(slowest)} ms`],
  ];
  return markdownTable(["All", ""], sums);
}

/** Kinds of faults down, those that all requests answer alike are one; requests across; below it, what is of which kind. */
function answersTable(judged: readonly Judged[], upstream: MatrixFault["upstream"]): string {
  const across = actions.filter(({ upstreams }) => upstreams.includes(upstream));
  const rows = new Map<string, { readonly names: string[]; readonly answers: readonly string[] }>();
  for (const fault of faults.filter((one) => one.upstream === upstream)) {
    const answers = across.map((action) => answersTo(judged, fault, action));
    const alike = rows.get(answers.join()) ?? { names: [], answers };
    alike.names.push(fault.name);
    rows.set(answers.join(), alike);
  }
  const kinds = [...rows.values()].map((row, index) => ({ ...row, letter: "ABCDEFGHIJKLMN".charAt(index) }));
  const table = markdownTable(
    [whoOf({ upstream }), ...across.map(({ name }) => name)],
    kinds.map(({ letter, answers }) => [letter, ...answers]),
  );
  const legend = kinds.map(
    ({ letter, names }) => `- ${letter}: ${whoOf({ upstream })} ${names.join("; ")}.\n`,
  );
  return `${table}\n${legend.join("")}`;
}

/** Once, lasting, later: in each the answer, and how many SMS. */
function answersTo(judged: readonly Judged[], fault: MatrixFault, action: Action): string {
  const answers = (["once", "lasting", "later"] as const).flatMap((mode) =>
    judged
      .filter(({ cell }) => cell.fault === fault && cell.action === action && cell.mode === mode)
      .map((one) => shortly(one)),
  );
  return answers.join(" ");
}

function shortly({ cell: { answer, fault, sms }, failures }: Judged): string {
  const delivery = fault.upstream === "sns" && answer.data["delivery"] === "unconfirmed" ? "?" : "";
  const messages = fault.upstream === "sns" ? "✉".repeat(sms) : "";
  return `${answer.status}${delivery}${messages}${failures.length > 0 ? " FAILED" : ""}`;
}

function requestsTable(judged: readonly Judged[]): string {
  const rows = actions.map((action) => {
    const cells = judged.filter(({ cell }) => cell.action === action);
    const kinds = new Map<string, number>();
    for (const { cell } of cells) {
      for (const [kind, count] of cell.left.kinds) kinds.set(kind, Math.max(count, kinds.get(kind) ?? 0));
    }
    return [
      action.name,
      whole(cells.length),
      whole(cells.filter(({ failures }) => failures.length === 0).length),
      `${whole(Math.max(...cells.map(({ cell }) => cell.answer.ms)))} ms`,
      whole(Math.max(...cells.map(({ cell }) => cell.sms))),
      [...kinds]
        .map(([kind, count]) => (count === 1 ? kind : `${kind} × ${count}`))
        .sort()
        .join(", "),
    ];
  });
  return markdownTable(
    [
      "Request",
      "cells",
      "as promised",
      "slowest",
      "most SMS",
      "most left in Redis for one person, all with TTL",
    ],
    rows,
  );
}

/** Every cell by itself, with tabs between. */
export function listCells(judged: readonly Judged[]): string {
  const head = ["fault", "mode", "request", "status", "code", "ms", "sms", "left", "got in by", "failures"];
  const lines = judged.map(({ cell, failures }) => [
    `${whoOf(cell.fault)} ${cell.fault.name}`,
    cell.mode,
    cell.action.name,
    cell.answer.status,
    cell.answer.code ?? "",
    Math.round(cell.answer.ms),
    cell.sms,
    [...cell.left.kinds]
      .map(([kind, count]) => `${kind}:${count}`)
      .sort()
      .join(" "),
    cell.wayIn ?? "",
    failures.join("; "),
  ]);
  return [head, ...lines.sort()].map((line) => line.join("\t")).join("\n") + "\n";
}
