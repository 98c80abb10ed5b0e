import { randomUUID } from "node:crypto";
import type { RedisBackend } from "../../src/local/redis/backend.ts";
import { embeddedBackend } from "../../src/local/redis/backend.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import type { Clock } from "./system/clock.ts";
import { prefixedBackend } from "./system/prefixed-backend.ts";

/** An empty store and a clock, for one history. */
export interface Ground {
  readonly clock: Clock;
  readonly backend: RedisBackend;
  clear(): Promise<void>;
}

/** A Monday morning in UTC, half a minute before the hour. */
const STARTS_AT = Date.UTC(2026, 10, 23, 9, 59, 30);

/** On one clock with the service. */
export function embeddedGround(): Promise<Ground> {
  const clock = { now: STARTS_AT };
  const backend = embeddedBackend(createEngine({ now: () => clock.now }));
  return Promise.resolve({ clock, backend, clear: () => Promise.resolve() });
}

/** A part of a real Redis, whose own clock nobody can move: jumps are for the service alone. */
export function realGround(real: RedisBackend): Ground {
  const prefix = `model:${randomUUID()}:`;
  return {
    clock: { now: Date.now() },
    backend: prefixedBackend(real, prefix),
    async clear() {
      const found = await real.single(["KEYS", `${prefix}*`]);
      const keys = "result" in found && Array.isArray(found.result) ? found.result.map(String) : [];
      if (keys.length > 0) await real.single(["DEL", ...keys]);
    },
  };
}
