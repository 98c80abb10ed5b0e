import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";

/** Of every answer of the local pages: nothing comes from elsewhere, nothing is kept, nobody frames them. */
export const PAGE_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

const TYPES = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" } as const;

export function sendJson(
  response: ServerResponse,
  { status, body }: { status: number; body: unknown },
): void {
  response
    .writeHead(status, { ...PAGE_HEADERS, "content-type": "application/json" })
    .end(JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, html: string): void {
  response.writeHead(200, { ...PAGE_HEADERS, "content-type": "text/html; charset=utf-8" }).end(html);
}

/** Sends a style or a script of a folder; false, and nothing sent, where there is none of that name. */
export async function sendFile(response: ServerResponse, folder: string, name: string): Promise<boolean> {
  const extension = /^[a-z-]+\.(css|js)$/.exec(name)?.[1];
  const content = extension === undefined ? null : await readFile(join(folder, name)).catch(() => null);
  if (content === null) return false;
  const type = extension === "css" ? TYPES.css : TYPES.js;
  response.writeHead(200, { ...PAGE_HEADERS, "content-type": type }).end(content);
  return true;
}
