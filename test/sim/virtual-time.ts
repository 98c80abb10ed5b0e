import { createEventQueue } from "./event-queue.ts";

/** A clock that jumps from one event to the next. Whatever an actor does between two sleeps takes no time. */
export interface VirtualTime {
  /** Milliseconds since 1970. */
  readonly now: number;
  sleep(ms: number): Promise<void>;
  sleepUntil(at: number): Promise<void>;
  /** Starts an actor now; its failure is the failure of `runUntil`. */
  start(actor: () => Promise<void>): void;
  /** Runs everybody up to a time. Whoever sleeps longer never wakes. */
  runUntil(end: number): Promise<void>;
}

export function createVirtualTime(startsAt: number): VirtualTime {
  const queue = createEventQueue<() => void>();
  let now = startsAt;
  let failure: { readonly error: unknown } | null = null;

  const time: VirtualTime = {
    get now() {
      return now;
    },
    sleep: (ms) => time.sleepUntil(now + ms),
    sleepUntil: (at) =>
      new Promise((resolve) => {
        queue.add(Math.max(now, Math.ceil(at)), resolve);
      }),
    start(actor) {
      void actor().catch((error: unknown) => {
        failure ??= { error };
      });
    },
    async runUntil(end) {
      // Whoever started already is at his first sleep when this is over.
      await settled();
      for (let at = queue.nextAt(); at !== null && at <= end; at = queue.nextAt()) {
        now = at;
        queue.take()?.();
        await settled();
        if (failure !== null) throw failure.error;
      }
      now = end;
    },
  };
  return time;
}

/** Until no promise has anything left to do: all of them wait for the clock. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
