import { markdownTable } from "../../report/markdown-table.ts";
import { ASSUMED, LAYOUTS, warmth } from "./model.ts";
import { MEASURED, medianError } from "./round-trip.ts";
import type { Row } from "./simulate.ts";
import { simulate } from "./simulate.ts";

/** `npm run sim:placement`: what a person waits for, by where Worker and Redis are, as a Markdown table. */
const PER_DAY = 10_000;
const OTHERS = [1000, 1_000_000] as const;

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

const cellsOf = ({ name, latencies }: Row): readonly string[] => [
  name,
  ...latencies.map(({ send, verify }) => `${send.toFixed(0)} / ${verify.toFixed(0)}`),
];

const others = OTHERS.flatMap((perDay) =>
  simulate(perDay)
    .slice(-1)
    .map((everybody) => ({ ...everybody, name: `everybody, at ${perDay} sign-ins a day` })),
);
console.log("Send / verify in ms at the phone, the median.\n");
const head = ["", ...LAYOUTS.map(({ name }) => name)];
console.log(markdownTable(head, [...simulate(PER_DAY), ...others].map(cellsOf)));

const { idleSeconds, lastMile, snsWork } = ASSUMED;
console.log(`${PER_DAY} sign-ins a day, unless named otherwise; ${lastMile} ms for the phone's last mile, ${snsWork} ms for SNS's own work (assumed).
A connection is open for ${idleSeconds} s after its last use: in a location with 3 % of the people Redis is found warm by
${percent(warmth(2 * 0.03 * PER_DAY))} of the requests, where all requests meet by ${percent(warmth(2 * PER_DAY))}.
The model is off ${MEASURED.length} published round trips by ${percent(medianError())} in the middle.`);
