import type { ExecutionContext } from "hono";
import { createApp } from "./app.ts";
import { createDepsCache } from "./deps.ts";
import { guardFetch } from "./guard-fetch.ts";

guardFetch(globalThis);

const app = createApp(createDepsCache());

export default {
  /** A client that hangs up does not stop a send half-way: the runtime waits for the answer all the same. */
  fetch(request: Request, env: object, ctx: ExecutionContext): Promise<Response> {
    const answer = Promise.resolve(app.fetch(request, env, ctx));
    ctx.waitUntil(answer);
    return answer;
  },
};
