import type { Context } from "hono";
import type { Deps, Upstreams } from "../deps.ts";
import type { Trace } from "../log.ts";

/** What stands in every request's context. */
export interface AppEnv {
  Bindings: object;
  Variables: {
    trace: Trace;
    deps: Deps;
    upstreams: Upstreams;
    /** Keeps work alive after the response; a failure of it goes into the log line. */
    defer: (work: Promise<void>) => void;
  };
}

export type AppContext = Context<AppEnv>;
