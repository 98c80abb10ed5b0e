import { percentile } from "../../bench/statistics.ts";
import { markdownTable } from "../../report/markdown-table.ts";
import { whole } from "../../report/format.ts";
import type { Soaked } from "./soak.ts";
import type { Sample } from "./samples.ts";
import { quartersOf } from "./samples.ts";

export function soakTable(soaked: Soaked): string {
  const { seconds, peak, load, latencies, samples, asked, wins, kinds } = soaked;
  const ms = (part: number) => `${percentile(latencies, part).toFixed(0)} ms`;
  return markdownTable(
    ["", `${seconds} s, ${(peak / 2).toFixed(0)} sign-ins a second`],
    [
      ["peak, sign-ins a second", peak.toFixed(0)],
      ["sign-ins, and the most at once", `${whole(load.started)}, ${load.mostAtOnce}`],
      ["answers: half within, 99 % within, all within", `${ms(0.5)}, ${ms(0.99)}, ${ms(1)}`],
      ...asked.entries().map(([what, count]) => [what, whole(count)]),
      ...wins.entries().map(([callers, codes]) => [`codes by which ${callers} got in`, whole(codes)]),
      memoryRow("memory that V8 needs, in the second quarter and in the last", samples, "live"),
      memoryRow("memory of its process", samples, "resident"),
      memoryRow("memory of Redis, which keeps people for a day and longer", samples, "stored"),
      ...kinds.map(({ kind, count, longestTtlSeconds }) => [
        `keys \`${kind}\`, and the longest that one lives`,
        `${whole(count)}, ${whole(longestTtlSeconds)} s`,
      ]),
    ],
  );
}

/** Bytes at each moment. */
export function soakDetails({ samples }: Soaked): string {
  const rows = samples.map(({ live, resident, stored }) => [live, resident, stored].join("\t"));
  return `${["live\tresident\tstored", ...rows].join("\n")}\n`;
}

function memoryRow(name: string, samples: readonly Sample[], key: keyof Sample): readonly string[] {
  const { second, last } = quartersOf(samples.map((sample) => sample[key]));
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [name, `${mib(second)}, ${mib(last)}`];
}
