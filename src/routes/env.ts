import type { Context } from "hono";
import type { Deps, Upstreams } from "../deps.ts";
import type { Trace } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { TraceContext } from "../trace-context.ts";

/** What stands in every request's context. */
export interface AppEnv {
  Bindings: object;
  Variables: {
    trace: Trace;
    /** Null where the caller traces nothing. */
    traceContext: TraceContext | null;
    /** Null where no dataset is bound. */
    metrics?: Metrics | null;
    deps: Deps;
    upstreams: Upstreams;
    /** Keeps work alive after the response; a failure of it goes into the log line. */
    defer: (work: Promise<void>) => void;
  };
}

export type AppContext = Context<AppEnv>;
