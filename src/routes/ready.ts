import { succeed } from "./answer.ts";
import { createHandlers } from "./handlers.ts";

/**
 * `GET /ready`: the store takes a write now. 503 otherwise, by the one handler for `StoreUnavailable`. Of SNS it tells
 * what this isolate has seen; nobody is asked.
 */
export const ready = createHandlers(async (c) => {
  const { deps, upstreams } = c.var;
  const startedAt = deps.now();
  await upstreams.store.probe();
  const store = { latencyMs: deps.now() - startedAt };
  return succeed(c, { status: "ready", store, sms: { regions: deps.smsRegions() } });
});
