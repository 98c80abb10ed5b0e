import * as fc from "fast-check";
import { act, together } from "./acts.ts";
import { outage, repeating } from "./scenes/outages.ts";
import { asking, comeback, devices, overtaken, signIn, stay } from "./scenes/people.ts";
import { crowding, guessing, rushing, siege } from "./scenes/strangers.ts";
import { POLICY_NAMES } from "./settings.ts";
import type { History, Step } from "./step.ts";

export interface HistoryOptions {
  readonly mostSteps: number;
  /** The longest that a clock jumps, in seconds. */
  readonly longestWait: number;
}

/** Scenes one after another: most of one step, some of several that belong together and chance alone would seldom play. */
export function histories({ mostSteps, longestWait }: HistoryOptions): fc.Arbitrary<History> {
  const policy = fc.constantFrom(...POLICY_NAMES);
  const scenes = fc.array(scene(longestWait), {
    minLength: 1,
    maxLength: Math.ceil(mostSteps / 2),
    size: "max",
  });
  return fc.record({ policy, steps: scenes.map((played) => played.flat().slice(0, mostSteps)) });
}

function scene(longestWait: number): fc.Arbitrary<readonly Step[]> {
  const wait = jumps.map((chosen): Step => ({ kind: "wait", seconds: Math.min(chosen, longestWait) }));
  const single = <T extends Step>(step: fc.Arbitrary<T>) => step.map((one): readonly Step[] => [one]);
  return fc.oneof(
    { weight: 16, arbitrary: single(act) },
    { weight: 5, arbitrary: single(wait) },
    { weight: 1, arbitrary: fc.constant<Step[]>([{ kind: "wait_as_told" }]) },
    { weight: 2, arbitrary: single(together) },
    { weight: 1, arbitrary: fc.constant<Step[]>([{ kind: "new_isolate" }]) },
    { weight: 4, arbitrary: signIn },
    { weight: 5, arbitrary: stay(longestWait) },
    { weight: 3, arbitrary: guessing },
    { weight: 2, arbitrary: siege },
    { weight: 2, arbitrary: crowding },
    { weight: 2, arbitrary: outage },
    { weight: 2, arbitrary: devices },
    { weight: 2, arbitrary: asking },
    { weight: 1, arbitrary: overtaken },
    { weight: 1, arbitrary: comeback },
    { weight: 2, arbitrary: rushing },
    { weight: 3, arbitrary: repeating },
  );
}

/** Around each wait of the policies: a resend, a run, half a code's life and all of it, an hour, a day. */
const jumps = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 5, 10, 29, 30, 31) },
  { weight: 3, arbitrary: fc.constantFrom(36, 59, 60, 149, 151, 298, 300, 301) },
  { weight: 2, arbitrary: fc.constantFrom(899, 1800, 3600, 3601) },
  { weight: 2, arbitrary: fc.constantFrom(43_200, 86_399, 86_400, 86_701, 172_801) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 90_000 }) },
);
