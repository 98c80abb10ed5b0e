import type { Context } from "hono";
import type { Deps } from "../deps.ts";
import type { Trace } from "../log.ts";
import type { SendSms } from "../sms/port.ts";
import type { Store } from "../store/port.ts";

/** What stands in every request's context. */
export interface AppEnv {
  Bindings: object;
  Variables: {
    trace: Trace;
    deps: Deps;
    upstreams: { readonly store: Store; readonly sms: SendSms };
    /** Keeps work alive after the response; a failure of it goes into the log line. */
    defer: (work: Promise<void>) => void;
  };
}

export type AppContext = Context<AppEnv>;
