import { createHandlers } from "./handlers.ts";

const STYLE =
  "body{margin:auto;padding:1rem;max-width:80rem;font:1rem/1.6 system-ui,sans-serif}td{padding-right:1rem}";

/**
 * Shows the document at the address where it is read. Examples of headers would fill the forms, and one Idempotency-Key
 * all requests.
 */
const SCRIPT = `const dark=matchMedia("(prefers-color-scheme:dark)");
(dark.onchange=()=>document.documentElement.classList.toggle("dark-mode",dark.matches))();
fetch("openapi.json").then(answer=>answer.json()).then(spec=>{for(const one of Object.values(spec.components.parameters))delete one.example;SwaggerUIBundle({dom_id:"#viewer",deepLinking:true,displayRequestDuration:true,spec:{...spec,servers:[{url:new URL(".",location).href.slice(0,-1)}]}})})`;

/**
 * `GET /docs`: the operations as a list, over which the viewer lays itself where there is one. Nothing is loaded from
 * anywhere else.
 */
export const docs = createHandlers(async (c) => {
  const { default: document } = await import("../openapi/document.json");
  const rows = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, { summary }]) => `<tr><td>${method.toUpperCase()}<td><code>${path}</code><td>${summary}`,
    ),
  );
  const { title, version } = document.info;
  const nonce = crypto.randomUUID();
  const viewer =
    c.var.deps.config.assets === null
      ? ""
      : `<link rel="stylesheet" href="docs/viewer.css" nonce="${nonce}"><script src="docs/viewer.js" nonce="${nonce}"></script><script nonce="${nonce}">${SCRIPT}</script>`;
  return c.html(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${title}</title><style nonce="${nonce}">${STYLE}</style><main id="viewer"><h1>${title} ${version}</h1><p>All of it, as OpenAPI 3.1: <a href="openapi.json">openapi.json</a></p><table>${rows.join("")}</table></main>${viewer}`,
    200,
    {
      "Content-Security-Policy": `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    },
  );
});
