import { AsyncLocalStorage } from "node:async_hooks";
import type { RedisBackend } from "../../src/local/redis/backend.ts";
import type { Store } from "../../src/store/port.ts";
import { createBindings } from "./bindings.ts";
import type { StoreExchange } from "./in-process-store.ts";
import { installStore } from "./in-process-store.ts";

export type StoreMethod = keyof Store;

interface Call {
  readonly method: StoreMethod;
  readonly args: readonly unknown[];
}

/** A transaction, and the call of the port that made it. */
export type RecordedTransaction = StoreExchange & Call;

export type Fate = "pass" | "request_lost" | "reply_lost";

/** Every transaction that the real adapter makes over an engine in this process. */
export interface StoreRecorder {
  readonly transactions: RecordedTransaction[];
  /** All bindings but APPS and POLICY, for the harnesses of protocol and sessions. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Names what this store asks for, from now on. */
  watch(store: Store): void;
  /** What becomes of the next ones, in order; all after them pass. */
  plan(...fates: readonly Fate[]): void;
  /** Puts the real `fetch` back. */
  close(): void;
}

export async function recordStore(backend: RedisBackend): Promise<StoreRecorder> {
  const asking = new AsyncLocalStorage<Call>();
  const transactions: RecordedTransaction[] = [];
  const planned: Fate[] = [];
  let fate: Fate = "pass";
  const loseIf = (lost: Fate) => {
    if (fate === lost) throw new TypeError("the connection is gone");
  };
  const close = installStore(backend, {
    asked() {
      fate = planned.shift() ?? "pass";
      loseIf("request_lost");
    },
    answered(exchange) {
      const call = asking.getStore();
      if (call === undefined) throw new Error("a store is asked that nobody watches");
      transactions.push({ ...exchange, ...call });
      loseIf("reply_lost");
    },
  });
  return {
    transactions,
    close,
    bindings: await createBindings(),
    plan: (...fates) => void planned.push(...fates),
    watch(store) {
      const methods = Object.entries(store) as [StoreMethod, (...args: unknown[]) => unknown][];
      for (const [method, run] of methods) {
        const named = (...args: unknown[]) => asking.run({ method, args }, () => run(...args));
        Object.assign(store, { [method]: named });
      }
    },
  };
}
