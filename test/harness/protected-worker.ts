import { Hono } from "hono";
import { phoneAuth } from "../../src/middleware.ts";

interface Env {
  readonly ISSUER: string;
}

const createApp = (issuer: string) =>
  new Hono<{ Bindings: Env }>()
    .use(phoneAuth({ issuer, audience: "customer" }))
    .get("/", (c) => c.json({ sub: c.var.auth.sub }));

let app: ReturnType<typeof createApp> | undefined;

/** Another Worker of the company. */
export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    app ??= createApp(env.ISSUER);
    return app.fetch(request, env);
  },
};
