import { setImmediate, setTimeout } from "node:timers/promises";
import type { Travel } from "../../src/local/distance.ts";

/** A timer may be this late, in ms; the rest is waited for by turns of the event loop. */
const TIMER_SLACK_MS = 1;

/** A way of always the same length, to a tenth of a millisecond, that can be made longer or shorter as it goes. */
export interface FixedDistance {
  readonly travel: Travel;
  set(ms: number): void;
}

export function createFixedDistance(): FixedDistance {
  let ms = 0;
  return {
    set(next) {
      ms = next;
    },
    async travel() {
      if (ms === 0) return;
      const due = performance.now() + ms;
      if (ms > TIMER_SLACK_MS) await setTimeout(ms - TIMER_SLACK_MS);
      while (performance.now() < due) await setImmediate();
    },
  };
}
