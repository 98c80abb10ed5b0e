import { createGuessStore } from "./guess-transactions.ts";
import { keys, ttl } from "./keys.ts";
import type { Store } from "./port.ts";
import { StoreUnavailable } from "./port.ts";
import { createSendStore } from "./send-transactions.ts";
import { createSessionStore } from "./session-transactions.ts";
import type { Transact } from "./transaction.ts";

export interface StoreSizes {
  readonly codeLifetimeSeconds: number;
  readonly guessesPerChallenge: number;
  readonly sendsPerDay: number;
}

export interface Transactions {
  /** Sends a transaction once. */
  readonly transact: Transact;
  /** The same with little patience, for tidying up while a caller waits for bad news. */
  readonly transactBriefly: Transact;
}

/** The store in Upstash's REST API. Keys are in keys.ts, values in values.ts, what each reply must be in replies.ts. */
export function createUpstashStore(transactions: Transactions, sizes: StoreSizes): Store {
  return {
    ...createSendStore(transactions, sizes),
    ...createGuessStore(transactions, sizes),
    ...createSessionStore(transactions),

    async probe() {
      const written = "1";
      const [, read] = await transactions.transact((tx) =>
        tx.set(keys.ready, written, { ex: ttl.ready }).get(keys.ready),
      );
      if (read !== written) throw new StoreUnavailable("malformed");
    },
  };
}
