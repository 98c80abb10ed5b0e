import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { writeSection } from "../../report/write-section.ts";
import { measure } from "./measured.ts";
import { runGuardedMonths } from "./shards/guarded-months.ts";
import { costTable, fixedPlan } from "./tables/cost.ts";
import { ceilingTable, demandTable, levers, perRequest, readRegions, storedTable } from "./tables/demand.ts";
import { cliffTable, placeTable, rateTable } from "./tables/rates.ts";
import { budgetTable, guardTable, skewTable } from "./tables/shards.ts";
import { limitTable, priceTable, smsTable, sourceTable } from "./tables/sources.ts";

/**
 * `npm run sim:scale`: what internet scale asks of the service, which limit is met first, what people wait for, what it
 * costs and what shards need, as Markdown.
 *
 *     npm run sim:scale -- --guard --days 5 --write
 *
 * `--guard` adds the guard on several databases, which takes minutes; `--write` puts all into the page beside this file.
 */
const { values } = parseArgs({
  options: {
    guard: { type: "boolean", default: false },
    days: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
  },
});
const measured = await measure();
const sections: Record<string, readonly string[]> = {
  demand: [demandTable(measured), perRequest(measured), readRegions(measured), storedTable(measured)],
  limits: [ceilingTable(measured), levers(measured)],
  waits: [rateTable(measured, "alone"), rateTable(measured, "with a month")],
  cliff: [cliffTable(measured)],
  places: [placeTable(measured)],
  costs: [costTable(measured), fixedPlan()],
  skew: [skewTable()],
  budgets: [budgetTable()],
  ...(values.guard ? { guard: [guardTable(await runGuardedMonths(Number(values.days)))] } : {}),
  sources: [priceTable(), smsTable(), limitTable(), sourceTable()],
};
const page = fileURLToPath(new URL("README.md", import.meta.url));
for (const [name, parts] of Object.entries(sections)) {
  const markdown = parts.join("\n");
  console.log(`<!-- ${name} -->\n\n${markdown}`);
  if (values.write) await writeSection(page, name, markdown);
}
