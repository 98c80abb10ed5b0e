import { BrokenPromise } from "./broken-promise.ts";
import type { Ask, Exchange } from "./exchange.ts";
import type { Memory } from "./memory.ts";
import { createMemory, learn } from "./memory.ts";
import type { Facts } from "./reference/facts.ts";
import { createFacts } from "./reference/facts.ts";
import { createReferences } from "./reference/references.ts";
import type { Clock } from "./system/clock.ts";
import type { Faults } from "./system/flight.ts";
import type { Outcome, System } from "./system/system.ts";
import type { Totals } from "./totals.ts";

interface Planned {
  readonly ask: Ask;
  readonly faults: Faults;
}

/** Where callers meet the service, and every exchange is held against all promises. */
export interface Stage {
  readonly memory: Memory;
  readonly facts: Facts;
  /** All at once. Throws `BrokenPromise`. */
  exchange(
    told: string,
    planned: readonly Planned[],
    order?: readonly number[],
  ): Promise<readonly Exchange[]>;
}

export interface StageOptions {
  readonly clock: Clock;
  readonly totals: Totals;
  /** How far the clocks of two locations lie apart at the most. */
  readonly apartMs: number;
}

export function createStage(system: System, { clock, totals, apartMs }: StageOptions): Stage {
  const memory = createMemory();
  const facts = createFacts();
  const references = Object.entries(createReferences());
  const witness = { policy: system.config.policy, memory, facts, apartMs };

  return {
    memory,
    facts,
    async exchange(told, planned, order = []) {
      const before = await system.dump();
      const outcomes = await system.run(planned, order);
      const after = await system.dump();
      const logs = system.takeLogs();
      const endedAt = clock.now;
      clock.now += 1;
      const around = { endedAt, isolate: system.isolates, before, after, logs };
      const exchanges = describeExchanges(planned, outcomes, around);
      const wrong = exchanges.flatMap((one) =>
        references.flatMap(([name, reference]) =>
          reference.see(one, witness).map((what) => `${name}: ${what} [${tellExchange(one)}]`),
        ),
      );
      for (const one of exchanges) {
        facts.see(one, memory);
        learn(memory, one);
        count(totals, one);
      }
      totals.checks += exchanges.length * references.length;
      if (wrong.length > 0) throw new BrokenPromise(told, wrong);
      return exchanges;
    },
  };
}

function describeExchanges(
  planned: readonly Planned[],
  outcomes: readonly Outcome[],
  around: Pick<Exchange, "endedAt" | "isolate" | "before" | "after" | "logs">,
): readonly Exchange[] {
  const told = planned.map(({ ask, faults }, index) => {
    const { flight, startedAt, answer } = outcomes[index] ?? missing();
    const { aheadMs, sms, storeTries, storeFailed, smsFailed } = flight;
    const endedAt = around.endedAt + aheadMs;
    const upstreams = { sms, storeTries, storeFailed, smsFailed };
    return { ...around, ...upstreams, ask, faults, startedAt, endedAt, aheadMs, answer };
  });
  return told.map((one, index) => ({
    ...one,
    beside: told.filter((other) => other !== one).map(({ ask }) => ask),
    group: index === 0 ? told : [],
  }));
}

function tellExchange({ ask, answer }: Exchange): string {
  const limit = answer?.error["limit"];
  return `${ask.kind} of ${ask.subject}: ${answer?.code ?? "no answer"}${typeof limit === "string" ? ` ${limit}` : ""}`;
}

function count(totals: Totals, { ask, answer, sms, storeFailed, smsFailed }: Exchange): void {
  totals.requests[ask.kind] = (totals.requests[ask.kind] ?? 0) + 1;
  totals.sms += sms.filter(({ isMaybeSent }) => isMaybeSent).length;
  if (answer === null || storeFailed || smsFailed) totals.faulted += 1;
}

function missing(): never {
  throw new Error("a request without an outcome");
}
