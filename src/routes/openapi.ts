import { etag } from "hono/etag";
import type { Deps } from "../deps.ts";
import { createHandlers } from "./handlers.ts";

const CACHE_CONTROL = "public, max-age=300";

const texts = new WeakMap<Deps, string>();

/** `GET /openapi.json`: the description of this API, at this service's own address. Made when it is first asked for. */
export const openapi = createHandlers(etag(), async (c) =>
  c.body(await documentText(c.var.deps), 200, {
    "Content-Type": "application/json",
    "Cache-Control": CACHE_CONTROL,
  }),
);

async function documentText(deps: Deps): Promise<string> {
  const known = texts.get(deps);
  if (known !== undefined) return known;
  // Imported here, since a Worker pays for what is imported above whenever it starts.
  const { default: document } = await import("../openapi/document.json");
  const text = JSON.stringify({ ...document, servers: [{ url: deps.config.issuer }] });
  texts.set(deps, text);
  return text;
}
