import { percent, whole } from "../report/format.ts";
import { markdownTable } from "../report/markdown-table.ts";
import type { Guessed, Pumped, SignIns } from "./ledger.ts";
import type { GuardMode } from "./modes.ts";
import type { MonthResult } from "./month.ts";
import { WORLD } from "./world.ts";

export type Results = Readonly<Partial<Record<GuardMode, MonthResult>>>;

/** Tables in Markdown, a column for each setting of the guard. */
export function report(results: Results): string {
  const columns = Object.entries(results).map(([mode, result]) => ({ mode, result }));
  const baseline = results.off ?? results.shadow;
  const stopped = (sent: (result: MonthResult) => number, result: MonthResult) =>
    baseline === undefined || baseline === result
      ? "–"
      : percent(1 - sent(result) / Math.max(1, sent(baseline)), 1);
  const modes = columns.map(({ mode }) => `guard ${mode}`);
  const row = (label: string, cell: (result: MonthResult) => string) => [
    label,
    ...columns.map(({ result }) => cell(result)),
  ];
  const pumped = (result: MonthResult) => sumPumped(Object.values(result.totals.rings));

  const summary = markdownTable(
    ["a month", ...modes],
    [
      row("honest sign-ins", (result) => whole(honest(result).tries)),
      row("… signed in within ten minutes", (result) => share(honest(result).signedIn, honest(result), 2)),
      row("… refused and not signed in", (result) => share(honest(result).refused, honest(result), 3)),
      row("… of these by the guard", (result) => whole(honest(result).refusedByGuard)),
      row("… refused at least once", (result) => share(honest(result).everRefused, honest(result), 3)),
      row("… held for their prefix, or would have been", (result) =>
        share(honest(result).heldByPrefix, honest(result), 3),
      ),
      row("… held for their country, or would have been", (result) =>
        share(honest(result).heldByCountry, honest(result), 3),
      ),
      row("pumped SMS sent", (result) => whole(pumped(result).sent)),
      row("… stopped", (result) => stopped((one) => pumped(one).sent, result)),
      row("… lost, $", (result) => whole(pumped(result).dollars)),
      row("guesses evaluated, most at a number in 24 h, all roles", (result) =>
        whole(Math.max(...guesses(result).map(({ mostPerNumber }) => mostPerNumber))),
      ),
      row("SMS of a bomber, most at a number in 24 h, all roles", ({ totals }) => whole(totals.bombed.most)),
      row("owner with proof refused, while bombed", ({ totals }) => ofTries(totals.owners.proven)),
      row("owner without proof refused, while bombed", ({ totals }) => ofTries(totals.owners.unproven)),
      row("store commands a send, all told", ({ bill }) => (bill.send.commands / bill.send.calls).toFixed(1)),
      row("store commands a verify, all told", ({ bill }) =>
        (bill.verify.commands / bill.verify.calls).toFixed(1),
      ),
    ],
  );

  const rings = markdownTable(
    [
      "ring",
      "",
      ...modes.map((mode) => `SMS, ${mode}`),
      ...modes.slice(1).map((mode) => `stopped, ${mode}`),
      "lost, $",
    ],
    WORLD.rings.map(({ name, about }) => {
      const of = (result: MonthResult) => result.totals.rings[name] ?? NONE;
      return [
        name,
        about,
        ...columns.map(({ result }) => whole(of(result).sent)),
        ...columns.slice(1).map(({ result }) => stopped((one) => of(one).sent, result)),
        columns.map(({ result }) => whole(of(result).dollars)).join(" → "),
      ];
    }),
  );

  const people = markdownTable(
    ["honest people", "sign-ins", ...modes.map((mode) => `refused, ${mode}`)],
    Object.keys(columns[0]?.result.totals.honest ?? {}).map((group) => [
      group,
      whole(columns[0]?.result.totals.honest[group]?.tries ?? 0),
      ...columns.map(({ result }) => {
        const of = result.totals.honest[group];
        return of === undefined ? "" : share(of.refused, of, 3);
      }),
    ]),
  );

  const ways = markdownTable(
    ["guesser", ...modes.flatMap((mode) => [`a role, ${mode}`, `all three, ${mode}`])],
    Object.keys(columns[0]?.result.totals.guesses ?? {}).map((way) => [
      way.replaceAll("_", " "),
      ...columns.flatMap(({ result }) => {
        const of = result.totals.guesses[way];
        return of === undefined ? ["", ""] : [whole(of.mostPerRole), whole(of.mostPerNumber)];
      }),
    ]),
  );

  return [summary, rings, people, ways].join("\n");
}

const NONE: Pumped = { tried: 0, sent: 0, held: 0, dollars: 0 };

function honest({ totals }: MonthResult): SignIns {
  const all = totals.honest["all"];
  if (all === undefined) throw new Error("nobody honest came");
  return all;
}

function guesses({ totals }: MonthResult): readonly Guessed[] {
  return Object.values(totals.guesses);
}

export function sumPumped(all: readonly Pumped[]): Pumped {
  return all.reduce(
    (sum, one) => ({
      tried: sum.tried + one.tried,
      sent: sum.sent + one.sent,
      held: sum.held + one.held,
      dollars: sum.dollars + one.dollars,
    }),
    NONE,
  );
}

function ofTries({ refused, tries }: SignIns): string {
  return `${refused} of ${tries}`;
}

function share(part: number, { tries }: SignIns, digits: number): string {
  return percent(part / Math.max(1, tries), digits);
}
