import { createFactory } from "hono/factory";
import { succeed } from "./answer.ts";
import type { AppEnv } from "./env.ts";

/** `GET /ready`: the store takes a write now. 503 otherwise, by the one handler for `StoreUnavailable`. */
export const ready = createFactory<AppEnv>().createHandlers(async (c) => {
  const { deps, upstreams } = c.var;
  const startedAt = deps.now();
  await upstreams.store.probe();
  return succeed(c, { status: "ready", store: { latencyMs: deps.now() - startedAt } });
});
