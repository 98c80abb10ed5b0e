import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Inbox, InboxMessage } from "./inbox.ts";
import { isPageHost } from "./page-host.ts";
import { createProxy, type Proxy } from "./proxy.ts";
import { describeRoles } from "./roles.ts";
import { listenLoopback, type ListenOptions } from "../loopback.ts";
import { PAGE_HEADERS, sendFile, sendHtml, sendJson } from "../page-answer.ts";
import { createNumbers, type Numbers } from "../numbers/numbers.ts";

export interface PageOptions extends ListenOptions {
  readonly inbox: Inbox;
  /** Where the service is: the page's own `/api/` leads there. On this machine only. */
  readonly serviceUrl?: string;
  /** `APPS` of the service, asked for each time that the page is loaded, so that it follows wrangler.toml. */
  readonly readApps?: () => Promise<unknown>;
  /** What is at `/numbers`. */
  readonly numbers?: Numbers;
}

export interface PageServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const DEFAULT_SERVICE_URL = "http://localhost:8787";
const FILES = join(import.meta.dirname, "browser");

interface Served {
  readonly inbox: Inbox;
  readonly serviceUrl: string;
  readonly readApps: () => Promise<unknown>;
  readonly numbers: Numbers;
  readonly proxy: Proxy;
}

/**
 * A phone to sign in on, and the inbox that its SMS arrive in. For people `/`; for scripts `/messages`, JSON, and
 * `/events`, a stream of what arrives; `/api/` is the service's. `/numbers` is a page of its own. Plain HTTP on loopback;
 * requests for any other host name are refused, so that no website can rebind its name to here.
 */
export async function startPage(options: PageOptions): Promise<PageServer> {
  const { inbox, serviceUrl = DEFAULT_SERVICE_URL, readApps = noApps, numbers, ...listen } = options;
  const proxy = createProxy(serviceUrl);
  const served = { inbox, serviceUrl, readApps, numbers: numbers ?? createNumbers(), proxy };
  const { port, close } = await listenLoopback(
    () =>
      createServer((request, response) => {
        respond(request, response, served).catch(() => response.destroy());
      }),
    listen,
  );
  return { url: `http://localhost:${port}`, port, close };
}

const noApps = (): Promise<unknown> => Promise.resolve(null);

async function respond(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const refuse = (status: number, error: string): void => sendJson(response, { status, body: { error } });
  if (!isPageHost(request.headers.host)) return refuse(403, "This page is at localhost only");
  const { pathname, search, searchParams } = new URL(request.url ?? "/", "http://localhost");
  if (pathname.startsWith("/api/")) {
    served.proxy(request, response, {
      path: pathname + search,
      onSilence: () => refuse(502, `The service at ${served.serviceUrl} does not answer`),
    });
    return;
  }
  if (/^\/numbers(?:\/|$)/.test(pathname)) return served.numbers.respond(request, response);
  if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Use GET");
  if (pathname === "/messages")
    return sendJson(response, { status: 200, body: served.inbox.list(searchParams.get("phone") ?? "") });
  if (pathname === "/events") return stream(response, served.inbox);
  if (pathname === "/") return sendPage(response, served);
  if (await sendFile(response, FILES, pathname.slice(1))) return;
  refuse(404, "There is /, /numbers, /messages?phone=, /events and /api/");
}

async function sendPage(response: ServerResponse, { serviceUrl, readApps }: Served): Promise<void> {
  const [html, roles] = await Promise.all([readFile(join(FILES, "page.html"), "utf8"), readRoles(readApps)]);
  const settings = JSON.stringify({ serviceUrl: new URL(serviceUrl).origin, roles });
  sendHtml(
    response,
    html.replace("{{settings}}", () => escapeAttribute(settings)),
  );
}

/** What cannot be read just now, somebody is editing. */
async function readRoles(readApps: () => Promise<unknown>) {
  return describeRoles(await readApps().catch(() => null));
}

function stream(response: ServerResponse, inbox: Inbox): void {
  response.writeHead(200, { ...PAGE_HEADERS, "content-type": "text/event-stream" });
  response.write("retry: 1000\n\n");
  const unsubscribe = inbox.subscribe((message: InboxMessage) => {
    response.write(`event: message\nid: ${message.id}\ndata: ${JSON.stringify(message)}\n\n`);
  });
  response.on("close", unsubscribe);
}

const escapeAttribute = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
