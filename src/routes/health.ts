import { createFactory } from "hono/factory";
import { succeed } from "./answer.ts";
import type { AppEnv } from "./env.ts";

/** `GET /health`: this isolate is configured and runs. No I/O. */
export const health = createFactory<AppEnv>().createHandlers((c) => succeed(c, { status: "ok" }));
