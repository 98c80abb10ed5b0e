import * as fc from "fast-check";
import { faults, hold } from "../acts.ts";
import type { Step } from "../step.ts";
import type { StoreFate } from "../system/flight.ts";
import { NO_FAULTS } from "../system/flight.ts";
import { send, verify, whose } from "./whose.ts";

/** Nothing goes on for a while, and then everything. */
export const outage = fc
  .record({
    who: whose,
    fate: fc.constantFrom<StoreFate>("lost", "slow", "refused", "reply_lost"),
    times: fc.integer({ min: 1, max: 6 }),
    seconds: fc.constantFrom(0, 1, 31),
  })
  .map(({ who, fate, times, seconds }): readonly Step[] => [
    { ...send(who), faults: { store: Array<StoreFate>(times).fill(fate), sms: [] } },
    { kind: "wait", seconds },
    send(who),
    verify(who),
  ]);

/** A request with a key that meets faults, and its repeats. */
export const repeating = fc
  .record({
    whose,
    isSend: fc.boolean(),
    faults,
    pause: fc.constantFrom(0, 1, 31, 36, 150),
    times: fc.integer({ min: 1, max: 3 }),
    held: hold,
  })
  .map(({ whose: who, isSend, faults: met, pause, times, held }): readonly Step[] => {
    const first = isSend
      ? { ...send(who), key: 0, faults: met }
      : { ...verify(who), hold: held, key: 0, faults: met };
    const again: readonly Step[] = [
      { kind: "wait", seconds: pause },
      { kind: "repeat", caller: who.caller, faults: NO_FAULTS },
    ];
    return [first, ...Array.from({ length: times }, () => again).flat()];
  });
