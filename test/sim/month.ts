import type { Policy } from "../../src/config/policy.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import type { Engine } from "../../src/local/redis/engine.ts";
import { startBombers } from "./bomber.ts";
import { createChance } from "./chance.ts";
import { runCrowd } from "./crowd.ts";
import { startFleets } from "./fleets.ts";
import { runGuessers } from "./guesser.ts";
import type { Ledger, Totals } from "./ledger.ts";
import { createLedger } from "./ledger.ts";
import type { NumberPlan } from "./numbers.ts";
import { createNumberPlan } from "./numbers.ts";
import { runRing } from "./ring.ts";
import type { Sharding } from "./scale/shards/sharded-engine.ts";
import { createShardedEngine } from "./scale/shards/sharded-engine.ts";
import type { Operation, Service } from "./service.ts";
import { createService } from "./service.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { createVirtualTime } from "./virtual-time.ts";
import type { SimCountry } from "./world.ts";
import { DAY, HOUR, SIM_COUNTRIES, WORLD } from "./world.ts";

export interface MonthOptions {
  readonly seed: string;
  readonly days: number;
  /** Of honest people; attackers are as many as ever. */
  readonly scale: number;
  readonly policy: Partial<Policy>;
  /** Which rings come, by name. */
  readonly rings: readonly string[];
  /** Without it all subjects are in one database. */
  readonly sharding?: Sharding;
}

/** The world that all actors share. */
export interface Month extends MonthOptions {
  readonly time: VirtualTime;
  readonly service: Service;
  readonly ledger: Ledger;
  readonly numbers: Readonly<Record<SimCountry, NumberPlan>>;
}

export interface MonthResult {
  readonly totals: Totals;
  readonly bill: Readonly<Record<"send" | "verify", Operation>>;
}

/** The world with nobody in it. Whoever opens it closes it, since the platform of the process is its own until then. */
export async function openMonth(options: MonthOptions): Promise<Month> {
  const time = createVirtualTime(WORLD.startsAt);
  const now = () => time.now;
  const { sharding } = options;
  const engine = sharding === undefined ? createEngine({ now }) : createShardedEngine(now, sharding);
  const chance = createChance(`${options.seed}/service`);
  const numbers = planNumbers(options.seed);
  const service = await createService({ engine, time, chance, policy: options.policy });
  time.start(() => forgetExpired(engine, time));
  return { ...options, time, service, ledger: createLedger(), numbers };
}

/** Everybody's month under one policy. The same options have the same result. */
export async function runMonth(options: MonthOptions): Promise<MonthResult> {
  const month = await openMonth(options);
  const { time, service, ledger } = month;
  try {
    for (const country of SIM_COUNTRIES) time.start(() => runCrowd(country, month));
    startFleets(month);
    for (const plan of WORLD.rings)
      if (month.rings.includes(plan.name)) time.start(() => runRing(plan, month));
    startBombers(month);
    time.start(() => runGuessers(month));
    await time.runUntil(WORLD.startsAt + options.days * DAY);
  } finally {
    service.close();
  }
  return { totals: ledger.total(), bill: service.bill };
}

const planned = new Map<string, Readonly<Record<SimCountry, NumberPlan>>>();

/** The same for every month of one seed, and dear to make. */
function planNumbers(seed: string): Readonly<Record<SimCountry, NumberPlan>> {
  const plan = (country: SimCountry) => createNumberPlan(country, createChance(`${seed}/numbers/${country}`));
  const plans = planned.get(seed) ?? {
    IN: plan("IN"),
    US: plan("US"),
    GB: plan("GB"),
    AE: plan("AE"),
    BD: plan("BD"),
    NP: plan("NP"),
    ID: plan("ID"),
  };
  planned.set(seed, plans);
  return plans;
}

/** The engine drops what has expired when somebody looks at it; nobody looks at most of it again. */
async function forgetExpired(engine: Engine, time: VirtualTime): Promise<void> {
  for (;;) {
    await time.sleep(6 * HOUR);
    engine.run([["RANDOMKEY"]]);
  }
}
