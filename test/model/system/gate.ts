import { setImmediate } from "node:timers/promises";
import type { Flight } from "./flight.ts";
import { currentFlight } from "./flight.ts";

/** Where every request to an upstream waits for its turn while several requests of the service run at once. */
export interface Gate {
  pass(): Promise<void>;
  /** Lets one at a time through, by `order` of those that wait, until all flights are over. */
  race(flights: readonly Flight[], order: readonly number[]): Promise<void>;
}

/** Far more turns of the event loop than a request takes from one upstream to the next. */
const MOST_TURNS = 10_000;

export function createGate(): Gate {
  let waiting: { readonly flight: Flight; readonly open: () => void }[] = [];
  let isRace = false;

  /** All that can happen before somebody is let through has happened: so the order alone decides. */
  async function everybodyWaits(flights: readonly Flight[]): Promise<void> {
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      await setImmediate();
      const isBusy = (one: Flight) => !one.isOver && !waiting.some(({ flight }) => flight === one);
      if (!flights.some(isBusy)) return;
    }
    throw new Error("a request waits for something else than an upstream");
  }

  return {
    async pass() {
      if (!isRace) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ flight: currentFlight(), open: resolve });
      await promise;
    },
    async race(flights, order) {
      isRace = true;
      for (let turn = 0; ; turn += 1) {
        await everybodyWaits(flights);
        waiting = waiting.filter(({ flight }) => !flight.isOver);
        const next = waiting[(order[turn % Math.max(1, order.length)] ?? 0) % Math.max(1, waiting.length)];
        if (next === undefined) break;
        waiting = waiting.filter((one) => one !== next);
        next.open();
      }
      isRace = false;
    },
  };
}
