import type { ChaosOptions, Findings } from "../parts.ts";
import { outageTable, recoveryMs } from "./outage-table.ts";
import { MOST_RECOVERY_MS } from "./judge-answers.ts";
import type { Played } from "./play-variety.ts";
import { playVariety } from "./play-variety.ts";
import { varieties } from "./variety.ts";

/** A real Redis and SNS that are away for a while, in every way that they can be, while people sign in. */
export async function runOutage(options: ChaosOptions): Promise<Findings> {
  const all: Played[] = [];
  for (const variety of varieties) all.push(await playVariety(variety, options));
  return { table: outageTable(all), failures: all.flatMap(failuresOf) };
}

function failuresOf(played: Played): readonly string[] {
  const { variety, holders, failures } = played;
  const said = failures.entries().map(([sentence, count]) => `${sentence}, ${count} times`);
  const byFirstCode = holders.filter(({ isIn, codes }) => isIn && codes === 1).length;
  if (byFirstCode !== (variety.keepsData ? holders.length : 0))
    said.push(`${byFirstCode} of ${holders.length} codes that were held signed in`);
  if (!(recoveryMs(played) <= MOST_RECOVERY_MS))
    said.push(`it took ${recoveryMs(played).toFixed(0)} ms to recover`);
  return said.map((sentence) => `${variety.name}: ${sentence}`);
}
