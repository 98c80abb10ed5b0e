import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { isPageHost } from "./page-host.ts";
import type { Inbox, InboxMessage } from "./inbox.ts";
import { listenLoopback, type ListenOptions } from "../loopback.ts";

export interface InboxServerOptions extends ListenOptions {
  readonly inbox: Inbox;
  /** Where the service is, for the curl that the empty page shows. */
  readonly serviceUrl?: string;
}

const DEFAULT_SERVICE_URL = "http://localhost:8787";

export interface InboxServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const FILES = {
  "/": { name: "inbox.html", type: "text/html; charset=utf-8" },
  "/inbox.css": { name: "inbox.css", type: "text/css; charset=utf-8" },
  "/inbox.js": { name: "inbox.js", type: "text/javascript; charset=utf-8" },
} as const;

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/**
 * The inbox for people, and for scripts: `/` is a page, `/messages` JSON, `/events` a stream of what arrives. Plain
 * HTTP on loopback; requests for any other host name are refused, so that no website can rebind its name to here.
 */
export async function startInbox({
  inbox,
  serviceUrl = DEFAULT_SERVICE_URL,
  ...listen
}: InboxServerOptions): Promise<InboxServer> {
  const { port, close } = await listenLoopback(
    () =>
      createServer((request, response) => {
        respond(request, response, { inbox, serviceUrl }).catch(() => response.destroy());
      }),
    listen,
  );
  return { url: `http://localhost:${port}`, port, close };
}

interface Served {
  readonly inbox: Inbox;
  readonly serviceUrl: string;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { inbox, serviceUrl }: Served,
): Promise<void> {
  const refuse = (status: number, error: string): void => {
    response.writeHead(status, { ...HEADERS, "content-type": "application/json" });
    response.end(JSON.stringify({ error }));
  };
  if (!isPageHost(request.headers.host)) return refuse(403, "The inbox is at localhost only");
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Use GET");
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (pathname === "/messages") {
    response.writeHead(200, { ...HEADERS, "content-type": "application/json" });
    response.end(JSON.stringify(inbox.list(searchParams.get("phone") ?? "")));
    return;
  }
  if (pathname === "/events") return stream(response, inbox);
  if (!isFile(pathname)) return refuse(404, "There is /, /messages?phone= and /events");
  const { name, type } = FILES[pathname];
  const content = await readFile(join(import.meta.dirname, "page", name), "utf8");
  response
    .writeHead(200, { ...HEADERS, "content-type": type })
    .end(content.replace(DEFAULT_SERVICE_URL, new URL(serviceUrl).origin));
}

function stream(response: ServerResponse, inbox: Inbox): void {
  response.writeHead(200, { ...HEADERS, "content-type": "text/event-stream" });
  response.write("retry: 1000\n\n");
  const unsubscribe = inbox.subscribe((message: InboxMessage) => {
    response.write(`event: message\nid: ${message.id}\ndata: ${JSON.stringify(message)}\n\n`);
  });
  response.on("close", unsubscribe);
}

const isFile = (path: string): path is keyof typeof FILES => Object.hasOwn(FILES, path);
