import type { RedisBackend } from "../../src/local/redis/backend.ts";

/** What the store was asked, and how much that was, in bytes of JSON without HTTP's headers. */
export interface StoreCounts {
  readonly requests: number;
  readonly commands: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

export interface CountedBackend extends RedisBackend {
  readonly counts: StoreCounts;
  /** The commands of the newest transactions, oldest first. */
  readonly transactions: readonly (readonly (readonly string[])[])[];
}

/** A backend that counts what goes through it. */
export function countBackend(backend: RedisBackend): CountedBackend {
  const counts = { requests: 0, commands: 0, bytesIn: 0, bytesOut: 0 };
  const transactions: (readonly (readonly string[])[])[] = [];
  const count = <Reply>(asked: unknown, commands: number, reply: Reply): Reply => {
    counts.requests += 1;
    counts.commands += commands;
    counts.bytesIn += sizeOf(asked);
    counts.bytesOut += sizeOf(reply);
    return reply;
  };
  return {
    counts,
    transactions,
    single: async (command) => count(command, 1, await backend.single(command)),
    async transaction(commands) {
      transactions.push(commands);
      if (transactions.length > MOST_KEPT) transactions.shift();
      return count(commands, commands.length, await backend.transaction(commands));
    },
    close: () => backend.close(),
  };
}

const MOST_KEPT = 16;

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
