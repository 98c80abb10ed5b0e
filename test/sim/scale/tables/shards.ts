import { markdownTable } from "../../../report/markdown-table.ts";
import { percent, short, whole } from "../../../report/format.ts";
import { createChance } from "../../chance.ts";
import type { GuardedMonth } from "../shards/guarded-months.ts";
import { divideBudget } from "../shards/divided-budget.ts";
import { skewByPrefix, skewByNumber } from "../shards/skew.ts";

const COUNTS = [4, 16, 64] as const;
const QUOTAS = [50, 600, 10_000, 100_000] as const;

export function skewTable(): string {
  const rows = COUNTS.map((count) => [String(count), short(skewByNumber(count)), short(skewByPrefix(count))]);
  return markdownTable(["databases", "busiest, by number", "busiest, by prefix"], rows);
}

/** What becomes of a quota that each database counts a part of. */
export function budgetTable(): string {
  const rows = QUOTAS.flatMap((quota) =>
    COUNTS.filter((count) => quota >= 2 * count).map((count) => {
      const divided = divideBudget(quota, count, createChance(`${quota}/${count}`));
      return [
        whole(quota),
        String(count),
        percent(divided.firstRefusal, 0),
        percent(divided.firstRefusalAtWorst, 0),
        percent(divided.refused, 1),
        percent(divided.slack, 0),
      ];
    }),
  );
  return markdownTable(
    [
      "quota",
      "databases",
      "used at the first refusal",
      "one day in a hundred",
      "refused of a day that asks for just the quota",
      "parts larger by this refuse nobody, and let out so much more",
    ],
    rows,
  );
}

export function guardTable(months: readonly GuardedMonth[]): string {
  const rows = months.map(({ name, tries, refused, sms, stopped, byRing }) => [
    name,
    `${refused}: ${percent(refused / tries, 2)}`,
    whole(sms),
    percent(stopped, 1),
    ...byRing.map(whole),
  ]);
  return markdownTable(
    ["guard enforced", "honest sign-ins refused", "pumped SMS", "stopped", ...(months[0]?.rings ?? [])],
    rows,
  );
}
