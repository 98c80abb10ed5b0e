import { embeddedBackend } from "../../../../src/local/redis/backend.ts";
import { createEngine } from "../../../../src/local/redis/engine.ts";
import { connectUpstash } from "../../../../src/store/transaction.ts";
import { createUpstashStore } from "../../../../src/store/upstash.ts";
import { createBindings } from "../../../harness/bindings.ts";
import { installStore } from "../../../harness/in-process-store.ts";
import type { Protocol } from "../../../harness/protocol.ts";
import { createMovingStore } from "./moving-store.ts";
import { createOldHome } from "./old-home.ts";

/** Two databases, and people who move from the old one to the new one. */
export interface TwoHomes {
  /** Milliseconds since 1970, by the right clock. */
  readonly time: { now: number };
  readonly bindings: Readonly<Record<string, string>>;
  /** Makes this one a location that knows of the move; its clock is so many milliseconds ahead. */
  connect(protocol: Protocol, skew: number): void;
  close(): void;
}

/** `hold` keeps each request and each reply waiting. */
export async function createTwoHomes(
  movesAt: number,
  hold: () => Promise<unknown> = () => Promise.resolve(),
): Promise<TwoHomes> {
  const time = { now: movesAt };
  const createDatabase = () => embeddedBackend(createEngine({ now: () => time.now }));
  const databases = { old: createDatabase(), new: createDatabase() };
  const close = installStore((host) => (host === "old.test" ? databases.old : databases.new), {
    asked: async () => void (await hold()),
    answered: async () => void (await hold()),
  });
  const transactAt = (url: string) => connectUpstash({ url, token: "token", timeoutMs: 60_000 });
  const [from, to] = [transactAt("https://old.test"), transactAt("https://new.test")];

  return {
    time,
    close,
    bindings: await createBindings(),
    connect(protocol, skew) {
      const { policy } = protocol.config;
      const now = () => time.now + skew;
      Object.defineProperty(protocol.clock, "now", { get: now });
      const storeOf = (transact: typeof from) =>
        createUpstashStore({ transact, transactBriefly: transact }, policy);
      const old = createOldHome(from, to, policy.codeLifetimeSeconds);
      const moving = createMovingStore({ at: movesAt, from: storeOf(from), to: storeOf(to), old, now });
      Object.assign(protocol.store, moving);
    },
  };
}
