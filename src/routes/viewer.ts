import { refuse } from "./answer.ts";
import { createHandlers } from "./handlers.ts";

/** By the names that the page uses, those of swagger-ui-dist. */
const FILES: ReadonlyMap<string | undefined, string> = new Map([
  ["viewer.js", "/swagger-ui-bundle.js"],
  ["viewer.css", "/swagger-ui.css"],
]);

/** `GET /docs/{file}`: the parts of the viewer, where the Worker has static files beside it; nothing else of theirs. */
export const viewer = createHandlers(async (c) => {
  const { assets } = c.var.deps.config;
  const file = FILES.get(c.req.param("file"));
  if (assets === null || file === undefined) return refuse(c, "NOT_FOUND", { reason: "no_file" });
  const etag = c.req.header("If-None-Match");
  const headers: Record<string, string> = etag === undefined ? {} : { "If-None-Match": etag };
  const found = await assets.fetch(new Request(new URL(file, c.req.url), { headers }));
  if (!found.ok && found.status !== 304) return refuse(c, "NOT_FOUND", { reason: "no_asset" });
  return found.body === null ? c.body(null, found) : c.body(found.body, found);
});
