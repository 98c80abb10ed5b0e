import { succeed } from "./answer.ts";
import { createHandlers } from "./handlers.ts";

/** `GET /health`: this isolate is configured and runs. No I/O. */
export const health = createHandlers((c) => succeed(c, { status: "ok" }));
