/** One database that works off so many commands a second, in the order in which they come. */
export interface Database {
  /** When a transaction that arrives now has been executed. Asked in the order of time. Milliseconds. */
  execute(arrivesAt: number, commands: number): number;
  /** Of the time up to now, the part in which it worked. */
  busy(now: number): number;
}

/**
 * Upstash says how many commands a second a database takes and not what it does with more. Here they wait: that is
 * the kindest reading, and already enough to see where it ends.
 */
export function createDatabase(commandsPerSecond: number): Database {
  let freeAt = 0;
  let workedMs = 0;
  return {
    execute(arrivesAt, commands) {
      const workMs = (1000 * commands) / commandsPerSecond;
      freeAt = Math.max(freeAt, arrivesAt) + workMs;
      workedMs += workMs;
      return freeAt;
    },
    busy: (now) => Math.min(1, workedMs / now),
  };
}
