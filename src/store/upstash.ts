import { createGuessStore } from "./guess-transactions.ts";
import { keys, ttl } from "./keys.ts";
import type { Store } from "./port.ts";
import { StoreUnavailable } from "./port.ts";
import { createSendStore } from "./send-transactions.ts";
import { createSessionStore } from "./session-transactions.ts";
import type { StoreSizes, Transactions } from "./transaction.ts";
import { last } from "./transaction.ts";

/** The store in Upstash's REST API. Keys are in keys.ts, values in values.ts, what each reply must be in replies.ts. */
export function createUpstashStore(transactions: Transactions, sizes: StoreSizes): Store {
  return {
    ...createSendStore(transactions, sizes),
    ...createGuessStore(transactions, sizes),
    ...createSessionStore(transactions),

    async probe() {
      const written = "1";
      const { read } = await transactions.transact((tx) => {
        tx.set(keys.ready, written, { ex: ttl.ready }).get(keys.ready);
        return { read: last(tx) };
      });
      if (read !== written) throw new StoreUnavailable("malformed");
    },
  };
}
