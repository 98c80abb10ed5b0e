import type { SigningKeys } from "../../src/tokens/keys.ts";
import { askOf } from "./ask.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ask, Exchange } from "./exchange.ts";
import type { Ground } from "./ground.ts";
import { limitOf } from "./memory.ts";
import { recover } from "./recover.ts";
import type { Clocks } from "./settings.ts";
import { AHEAD_MS, POLICIES } from "./settings.ts";
import type { Stage } from "./stage.ts";
import { createStage } from "./stage.ts";
import type { History, Step } from "./step.ts";
import { tellStep } from "./step.ts";
import type { Clock } from "./system/clock.ts";
import { NO_FAULTS } from "./system/flight.ts";
import type { Parts, System } from "./system/system.ts";
import { createSystem } from "./system/system.ts";
import type { Totals } from "./totals.ts";

export interface PlayOptions extends Pick<Ground, "clock" | "backend"> {
  readonly clocks: Clocks;
  readonly bindings: Readonly<Record<string, string>>;
  readonly signingKeys: SigningKeys;
  readonly parts: Parts;
  readonly totals: Totals;
}

/** In seconds: no transaction is on its way for longer. */
const LATEST = 30;

/** Plays a history, and lets everybody in it sign in at its end. Throws `BrokenPromise` at the first step that breaks one. */
export async function playHistory({ policy, steps }: History, options: PlayOptions): Promise<void> {
  const { clock, clocks, totals } = options;
  const ahead = AHEAD_MS[clocks];
  const apartMs = Math.max(...ahead) - Math.min(...ahead);
  const system = await createSystem({ ...options, ahead, policy: POLICIES[policy] });
  let played = 0;
  try {
    const stage = createStage(system, { clock, totals, apartMs });
    const touched = new Map<string, Ask>();
    let last: readonly Exchange[] = [];
    for (const step of steps) {
      played += 1;
      totals.steps += 1;
      const wasLate = system.isAnythingLate();
      if (step.kind === "wait" && step.seconds > LATEST && wasLate) {
        await deliverLate({ system, stage });
        last = [];
      }
      last = await playStep(step, { system, stage, clock, last });
      for (const { ask } of last) touched.set(ask.subject, ask);
      if (wasLate) {
        await deliverLate({ system, stage });
        last = [];
      }
    }
    await deliverLate({ system, stage });
    for (const ask of touched.values()) await recover(ask, { stage, clock, apartMs });
    totals.histories += 1;
  } catch (error) {
    if (error instanceof BrokenPromise) error.steps = played;
    throw error;
  } finally {
    system.close();
  }
}

interface Play {
  readonly system: System;
  readonly stage: Stage;
  readonly clock: Clock;
  /** The exchanges of the step before. */
  readonly last: readonly Exchange[];
}

async function deliverLate({ system, stage }: Pick<Play, "system" | "stage">): Promise<void> {
  if (!system.isAnythingLate()) return;
  await system.deliverLate();
  stage.facts.doubtAll();
}

/** Its exchanges; those of the step before where it has none of its own, so that nobody has acted in between. */
async function playStep(step: Step, play: Play): Promise<readonly Exchange[]> {
  const { system, stage, clock, last } = play;
  switch (step.kind) {
    case "wait":
      clock.now += step.seconds * 1000;
      return last;
    case "new_isolate":
      await system.renewIsolate();
      return last;
    case "wait_as_told":
      return waitAsTold(step, play);
    case "together": {
      const planned = step.acts.flatMap(({ faults, ...act }) => {
        const ask = askOf({ faults, ...act }, stage.memory);
        return ask === null ? [] : [{ ask: { ...ask }, faults }];
      });
      return planned.length === 0 ? last : stage.exchange(tellStep(step), planned, step.order);
    }
    default: {
      const ask = askOf(step, stage.memory);
      return ask === null ? last : stage.exchange(tellStep(step), [{ ask, faults: step.faults }]);
    }
  }
}

/** `Retry-After` is never early: where nobody else has acted since, the same limit does not refuse again. */
async function waitAsTold(step: Step, { stage, clock, last }: Play): Promise<readonly Exchange[]> {
  const { lastRefused } = stage.memory;
  if (lastRefused === null) return last;
  const { ask, limit } = lastRefused;
  const [refused] = last;
  // One whose refund has failed stays counted.
  const isOwn =
    last.length === 1 &&
    refused?.ask === ask &&
    refused.answer !== null &&
    limitOf(refused.answer) === limit &&
    !refused.storeFailed;
  const readyAt = (refused?.startedAt ?? 0) - (refused?.aheadMs ?? 0) + lastRefused.waitSeconds * 1000;
  clock.now = isOwn ? Math.max(clock.now, readyAt) : clock.now + lastRefused.waitSeconds * 1000;
  const exchanges = await stage.exchange(tellStep(step), [{ ask, faults: NO_FAULTS }]);
  const isRefused = exchanges.some(({ answer }) => answer?.error["limit"] === limit);
  if (isOwn && isRefused)
    throw new BrokenPromise(tellStep(step), [`retry-after: ${limit} was told too early`]);
  return exchanges;
}
