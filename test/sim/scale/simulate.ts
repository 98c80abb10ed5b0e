import { policySchema } from "../../../src/config/policy.ts";
import { createChance } from "../chance.ts";
import { createEventQueue } from "../event-queue.ts";
import { ASSUMED } from "../placement/model.ts";
import type { Database } from "./database.ts";
import { createDatabase } from "./database.ts";
import type { Demand, Demands, Operation } from "./demand.ts";
import { demandOf } from "./load.ts";
import type { PublishQuota } from "./publish-quota.ts";
import { createPublishQuota } from "./publish-quota.ts";
import type { Region, Route, Scenario } from "./scenario.ts";
import { createRoutes } from "./scenario.ts";

export interface Traffic {
  readonly mix: ReadonlyMap<Operation, number>;
  /** Sign-ins a second that this one database gets. */
  readonly rate: number;
  readonly commandsPerSecond: number;
  readonly publishesPerSecond: (region: Region) => number;
  /** How many requests are drawn. */
  readonly requests: number;
  readonly seed: string;
}

/** What people waited for, in milliseconds from the tap to the answer on the phone. */
export interface Waits {
  readonly p50: number;
  readonly p99: number;
  /** Of all, those that were answered with 503. */
  readonly failed: number;
}

export interface Outcome {
  readonly send: Waits;
  readonly verify: Waits;
  /** Of the time, the part in which the database worked. */
  readonly busy: number;
}

const { storeTimeoutMs } = policySchema.parse({});
/** So often is a transaction tried. */
const TRIES = 2;
/** The first tenth finds everything idle, and is not counted. */
const WARM_UP = 0.1;

/** Requests that come as in a Poisson process, one database, two regions of SNS. The same seed has the same outcome. */
export function simulate(scenario: Scenario, traffic: Traffic, demands: Demands): Outcome {
  const chance = createChance(`${traffic.seed}/${JSON.stringify(scenario)}/${traffic.rate}`);
  const routeOf = createRoutes(scenario, chance);
  const database = createDatabase(traffic.commandsPerSecond);
  const quotas = new Map(
    scenario.sns.map((region) => [region, createPublishQuota(traffic.publishesPerSecond(region))]),
  );
  const operations = [...traffic.mix].map(([operation, weight]) => ({ operation, weight }));
  const meanGapMs = 1000 / (traffic.rate * operations.reduce((sum, { weight }) => sum + weight, 0));
  const queue = createEventQueue<Running>();
  let begins = 0;
  for (let index = 0; index < traffic.requests; index += 1) {
    begins += chance.exponential(meanGapMs);
    const { operation } = chance.weighted(operations);
    const asked = { demand: demandOf(operation, demands), route: routeOf() };
    queue.add(begins, { operation, begins, steps: run(asked, begins, { database, quotas }) });
  }
  const answers = playOut(queue).filter((answer) => answer.begins > WARM_UP * begins);
  return {
    send: waitsOf(answers.filter(({ operation }) => /send/.test(operation))),
    verify: waitsOf(answers.filter(({ operation }) => operation.startsWith("verify"))),
    busy: database.busy(begins),
  };
}

interface Asked {
  readonly demand: Demand;
  readonly route: Route;
}

interface Upstreams {
  readonly database: Database;
  readonly quotas: ReadonlyMap<Region, PublishQuota>;
}

/** Yields the times at which it wants to go on, and returns when it ends and whether well. */
type Steps = Generator<number, { readonly at: number; readonly ok: boolean }>;

interface Running {
  readonly operation: Operation;
  readonly begins: number;
  readonly steps: Steps;
}

function* run({ demand, route }: Asked, begins: number, { database, quotas }: Upstreams): Steps {
  let at = begins + route.access;
  for (const commands of demand.each) {
    const asked = yield* transact({ at, commands, trip: route.store }, database);
    if (!asked.ok) return { at: asked.at + route.access, ok: false };
    at = asked.at;
  }
  const sent = demand.publishes === 0 ? { at, ok: true } : yield* publish(at, route.sns, quotas);
  return { at: sent.at + route.access, ok: sent.ok };
}

function* transact(
  { at, commands, trip }: { readonly at: number; readonly commands: number; readonly trip: number },
  database: Database,
): Steps {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const asks = at + tried * storeTimeoutMs;
    yield asks + trip / 2;
    // Whoever gives up leaves his transaction behind, and it is executed all the same.
    const answered = database.execute(asks + trip / 2, commands) + ASSUMED.redisWork + trip / 2;
    if (answered - asks <= storeTimeoutMs) {
      yield answered;
      return { at: answered, ok: true };
    }
    yield asks + storeTimeoutMs;
  }
  return { at: at + TRIES * storeTimeoutMs, ok: false };
}

/** The next region where one says that it has had enough, each once. */
function* publish(from: number, regions: Route["sns"], quotas: Upstreams["quotas"]): Steps {
  let at = from;
  for (const { region, trip } of regions) {
    yield at + trip / 2;
    const taken = quotas.get(region)?.takes(at + trip / 2) ?? false;
    at += trip + (taken ? ASSUMED.snsWork : 0);
    if (taken) return { at, ok: true };
  }
  return { at, ok: false };
}

type Answer = Pick<Running, "operation" | "begins"> & { readonly waitMs: number; readonly ok: boolean };

function playOut(queue: ReturnType<typeof createEventQueue<Running>>): readonly Answer[] {
  const answers: Answer[] = [];
  for (let running = queue.take(); running !== null; running = queue.take()) {
    const { operation, begins, steps } = running;
    const step = steps.next();
    if (!step.done) queue.add(step.value, running);
    else answers.push({ operation, begins, waitMs: step.value.at - begins, ok: step.value.ok });
  }
  return answers;
}

function waitsOf(answers: readonly Answer[]): Waits {
  const waits = answers.map(({ waitMs }) => waitMs).toSorted((left, right) => left - right);
  const at = (share: number) => waits[Math.min(waits.length - 1, Math.floor(share * waits.length))] ?? 0;
  const failed = answers.filter(({ ok }) => !ok).length / Math.max(1, answers.length);
  return { p50: at(0.5), p99: at(0.99), failed };
}
