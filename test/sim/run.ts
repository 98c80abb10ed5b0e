import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { GUARD_MODES } from "./modes.ts";
import type { MonthOptions } from "./month.ts";
import { report } from "./report.ts";
import { runApart } from "./run-apart.ts";
import { WORLD } from "./world.ts";

/**
 * `npm run sim`: the month once for each setting of the guard, side by side, and what became of everybody in tables.
 *
 *     npm run sim -- --days 30 --scale 1 --seed 1 --guard off,shadow,enforce --policy '{"guardSendsPerPrefix":5}'
 *
 * `--out` names a file for the tables; `--json` one for all that was counted.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      days: { type: "string", default: "30" },
      scale: { type: "string", default: "1" },
      seed: { type: "string", default: "1" },
      guard: { type: "string", default: GUARD_MODES.join(",") },
      policy: { type: "string", default: "{}" },
      rings: { type: "string", default: WORLD.rings.map(({ name }) => name).join(",") },
      out: { type: "string" },
      json: { type: "string" },
    },
  });
  const options = {
    seed: values.seed,
    days: Number(values.days),
    scale: Number(values.scale),
    rings: values.rings.split(","),
    policy: JSON.parse(values.policy) as MonthOptions["policy"],
  };
  const began = performance.now();
  const modes = GUARD_MODES.filter((mode) => values.guard.split(",").includes(mode));
  const runs = modes.map(
    async (mode) =>
      [mode, await runApart({ ...options, policy: { ...options.policy, guard: mode } })] as const,
  );
  const results = Object.fromEntries(await Promise.all(runs));
  const tables = report(results);
  console.log(tables);
  console.error(`${((performance.now() - began) / 1000).toFixed(0)} s`);
  if (values.out !== undefined) writeFileSync(values.out, tables);
  if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(results, null, 2));
}

await main();
