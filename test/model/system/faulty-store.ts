import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import type { Clock } from "./clock.ts";
import { currentFlight } from "./flight.ts";
import type { Gate } from "./gate.ts";

type Commands = readonly (readonly string[])[];

export interface FaultyStore extends RedisBackend {
  /** Executes what is still on its way. */
  deliverLate(): Promise<void>;
  /** How many transactions are still on their way. */
  readonly lateCount: number;
}

/** A store whose transactions meet what the request's faults say. */
export function createFaultyStore(
  backend: RedisBackend,
  { gate, clock, timeoutMs }: { readonly gate: Gate; readonly clock: Clock; readonly timeoutMs: number },
): FaultyStore {
  let late: Commands[] = [];

  return {
    ...backend,
    get lateCount() {
      return late.length;
    },
    async deliverLate() {
      const due = late;
      late = [];
      for (const commands of due) await backend.transaction(commands);
    },
    async transaction(commands) {
      const flight = currentFlight();
      await gate.pass();
      flight.storeTries += 1;
      const fate = flight.storeFates.shift() ?? "pass";
      if (fate !== "pass") flight.storeFailed = true;
      switch (fate) {
        case "pass":
          return backend.transaction(commands);
        case "lost":
          throw new TypeError("the connection is gone");
        case "reply_lost":
          await backend.transaction(commands);
          throw new TypeError("the connection is gone");
        case "refused":
          return { error: "ERR max daily request limit exceeded" };
        case "slow":
          clock.now += timeoutMs;
          throw new DOMException("too slow", "TimeoutError");
        case "late":
          late.push(commands);
          clock.now += timeoutMs;
          throw new DOMException("too slow", "TimeoutError");
        case "garbled": {
          const replies = await backend.transaction(commands);
          return Array.isArray(replies) ? replies.slice(1) : replies;
        }
        case "dies":
          return flight.die();
      }
    },
  };
}
