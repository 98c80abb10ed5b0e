import { AsyncLocalStorage } from "node:async_hooks";

/**
 * What becomes of one transaction of the store. `lost`: before it was executed; `reply_lost`: after; `refused`: the
 * store says no; `slow`: not executed, and the caller waits for his time-out; `late`: the same, and it is executed
 * after the next step; `garbled`: executed, and the reply cut short; `dies`: not executed, and the isolate is gone.
 */
export type StoreFate = "pass" | "lost" | "reply_lost" | "refused" | "slow" | "late" | "garbled" | "dies";

/**
 * What becomes of one publish. `reply_lost`: taken; `hangs`: not taken, and the caller waits for his time-out;
 * `rejected`: refused for the message; `not_sent`: this region says no; `dies`: taken, and the isolate is gone.
 */
export type SmsFate = "sent" | "reply_lost" | "hangs" | "rejected" | "not_sent" | "dies";

/** What the upstreams of one request meet, in order; all goes well after that. */
export interface Faults {
  readonly store: readonly StoreFate[];
  readonly sms: readonly SmsFate[];
}

export const NO_FAULTS: Faults = { store: [], sms: [] };

/** One publish that SNS was asked for. */
export interface SmsTry {
  readonly to: string;
  readonly role: string;
  readonly text: string;
  readonly region: string;
  /** Whether SNS took it, or may have as far as the service can know. */
  readonly isMaybeSent: boolean;
  /** Whether it arrives. */
  readonly isDelivered: boolean;
}

/** One request on its way through the service, with all that it does after its answer. */
export interface Flight {
  /** How far the clock of the location that has it is ahead, in ms. */
  readonly aheadMs: number;
  readonly storeFates: StoreFate[];
  readonly smsFates: SmsFate[];
  readonly sms: SmsTry[];
  /** Transactions that were asked for. */
  storeTries: number;
  /** Whether the store has failed it. */
  storeFailed: boolean;
  /** Whether SNS has. */
  smsFailed: boolean;
  /** Answered, with all that came after it, or dead. */
  isOver: boolean;
  readonly died: Promise<null>;
  /** Never comes back. */
  die(): Promise<never>;
}

const flights = new AsyncLocalStorage<Flight>();

export function createFlight({ store, sms }: Faults, aheadMs: number): Flight {
  const { promise: died, resolve } = Promise.withResolvers<null>();
  const flight: Flight = {
    aheadMs,
    storeFates: [...store],
    smsFates: [...sms],
    sms: [],
    storeTries: 0,
    storeFailed: false,
    smsFailed: false,
    isOver: false,
    died,
    die() {
      flight.isOver = true;
      resolve(null);
      return new Promise<never>(() => undefined);
    },
  };
  return flight;
}

export function fly<T>(flight: Flight, run: () => Promise<T>): Promise<T> {
  return flights.run(flight, run);
}

/** How far the clock is ahead where this happens, in ms; what belongs to no request is on time. */
export function clockAheadMs(): number {
  return flights.getStore()?.aheadMs ?? 0;
}

/** Whose work this is. */
export function currentFlight(): Flight {
  const flight = flights.getStore();
  if (flight === undefined) throw new Error("an upstream is asked outside of any request");
  return flight;
}
