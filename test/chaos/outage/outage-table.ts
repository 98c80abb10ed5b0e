import { markdownTable } from "../../report/markdown-table.ts";
import type { Answer } from "../load/service.ts";
import { createTally } from "../load/tally.ts";
import type { Played } from "./play-variety.ts";
import type { Phase } from "./timeline.ts";
import { phaseOf } from "./timeline.ts";

/** A column for each way to be away. */
export function outageTable(all: readonly Played[]): string {
  return markdownTable(
    ["", ...all.map(({ variety }) => `${variety.name}, ${variety.seconds} s`)],
    ROWS.map(([name, cell]) => [name, ...all.map(cell)]),
  );
}

const ROWS: readonly (readonly [name: string, cell: (played: Played) => string])[] = [
  ["answers before", answersIn("before")],
  ["on their way at either end", answersIn("across")],
  ["during", answersIn("during")],
  ["the slowest of those", slowest],
  ["after", answersIn("after")],
  ["from its return to the first answer that needs it", (played) => `${recoveryMs(played).toFixed(0)} ms`],
  ["people who came, and were signed in", ({ crowd }) => `${crowd.length}, ${countIn(crowd)}`],
  ["of them by more codes than one", ({ crowd }) => `${crowd.filter(({ codes }) => codes > 1).length}`],
  [
    "people who held a code all the while, and were signed in by it",
    ({ holders }) => `${holders.length}, ${holders.filter(({ isIn, codes }) => isIn && codes === 1).length}`,
  ],
  [
    "by the code after it",
    ({ holders }) => `${holders.filter(({ isIn, codes }) => isIn && codes > 1).length}`,
  ],
  [
    "sends that were accepted, and SMS",
    ({ crowd, holders, sms }) => `${countSends([...crowd, ...holders])}, ${sms}`,
  ],
];

/** From the moment that it is back; NaN where it never is. */
export function recoveryMs({ answers, timeline, variety }: Played): number {
  const needs = variety.upstream === "store" ? isServed : isSent;
  const first = answers.find((answer) => needs(answer) && answer.endedAt >= timeline.readyAt);
  return first === undefined ? Number.NaN : first.endedAt - timeline.readyAt;
}

const isServed = ({ status }: Answer): boolean => status === 200;
const isSent = ({ data }: Answer): boolean => data.delivery === "accepted";

function answersIn(phase: Phase): (played: Played) => string {
  return ({ answers, timeline }) => {
    const tally = createTally();
    for (const answer of answers) if (phaseOf(answer, timeline) === phase) tally.add(word(answer));
    return tally
      .entries()
      .map(([name, count]) => `${count} × ${name}`)
      .join("<br>");
  };
}

function word({ status, code, data, upstream }: Answer): string {
  if (status === 200) return data.delivery === "unconfirmed" ? "200 unconfirmed" : "200";
  return [status, code, upstream].filter((part) => part !== null).join(" ");
}

function slowest({ answers, timeline }: Played): string {
  const times = answers
    .filter((answer) => phaseOf(answer, timeline) === "during")
    .map(({ askedAt, endedAt }) => endedAt - askedAt);
  return `${(Math.max(...times) / 1000).toFixed(2)} s`;
}

const countIn = (people: Played["crowd"]): number => people.filter(({ isIn }) => isIn).length;

const countSends = (people: Played["crowd"]): number => people.reduce((sum, { sends }) => sum + sends, 0);
