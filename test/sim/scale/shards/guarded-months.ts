import type { MonthOptions, MonthResult } from "../../month.ts";
import { sumPumped } from "../../report.ts";
import { runApart } from "../../run-apart.ts";
import type { Sharding } from "./sharded-engine.ts";

/** What the guard does where its evidence is spread over databases. */
export interface GuardedMonth {
  readonly name: string;
  readonly tries: number;
  readonly refused: number;
  readonly sms: number;
  /** Of those that get out without a guard. */
  readonly stopped: number;
  readonly rings: readonly string[];
  readonly byRing: readonly number[];
}

/** Those that rotate addresses and prefixes and enter no code: what the guard is there for. */
const RINGS = ["burst", "steady", "evasive", "sweep abroad"];
/** How many threads at once. */
const AT_ONCE = 2;

interface Run {
  readonly name: string;
  readonly sharding?: Sharding;
  readonly policy: MonthOptions["policy"];
}

/** A country's threshold is 20 sends in an hour; divided, each database counts its part. */
const RUNS: readonly Run[] = [
  { name: "no guard", policy: { guard: "off" } },
  { name: "one database", policy: { guard: "enforce" } },
  ...[4, 16].flatMap((count): readonly Run[] => [
    { name: `${count}, by number`, sharding: { count, by: "number" }, policy: { guard: "enforce" } },
    { name: `${count}, by prefix`, sharding: { count, by: "prefix" }, policy: { guard: "enforce" } },
    {
      name: `${count}, by prefix, a country's threshold divided`,
      sharding: { count, by: "prefix" },
      policy: { guard: "enforce", guardSendsPerCountry: Math.ceil(20 / count) },
    },
  ]),
];

/** Five days of honest people and four rings, once for each way to spread. Minutes. */
export async function runGuardedMonths(days: number): Promise<readonly GuardedMonth[]> {
  const results: MonthResult[] = [];
  for (let first = 0; first < RUNS.length; first += AT_ONCE) {
    const running = RUNS.slice(first, first + AT_ONCE).map(({ sharding, policy }) =>
      runApart({
        seed: "1",
        days,
        scale: 1,
        rings: RINGS,
        policy,
        ...(sharding === undefined ? {} : { sharding }),
      }),
    );
    results.push(...(await Promise.all(running)));
  }
  const unguarded = pumpedOf(results[0]);
  return results.slice(1).map((result, index) => describe(RUNS[index + 1]?.name ?? "", result, unguarded));
}

function describe(name: string, result: MonthResult, unguarded: number): GuardedMonth {
  const all = result.totals.honest["all"];
  const sms = pumpedOf(result);
  return {
    name,
    tries: all?.tries ?? 0,
    refused: all?.refused ?? 0,
    sms,
    stopped: 1 - sms / Math.max(1, unguarded),
    rings: RINGS,
    byRing: RINGS.map((ring) => result.totals.rings[ring]?.sent ?? 0),
  };
}

function pumpedOf(result: MonthResult | undefined): number {
  return sumPumped(Object.values(result?.totals.rings ?? {})).sent;
}
