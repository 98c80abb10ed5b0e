import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { isPageHost } from "./page-host.ts";

/** Passes a request on, and the answer back, as both come. `onSilence` is called where there is no answer. */
export type Proxy = (
  request: IncomingMessage,
  response: ServerResponse,
  to: { readonly path: string; readonly onSilence: () => void },
) => void;

/**
 * What belongs to one connection (RFC 9110 section 7.6.1), what belongs to whatever else runs at localhost, and what
 * would say who is calling: `wrangler dev` says that by itself, as Cloudflare does.
 */
const STAYS_HERE =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|cookie|forwarded|via|x-forwarded-.*|x-real-ip|true-client-ip|cf-.*)$/;

/** To one service on this machine. Throws for any other, so that the page cannot be made a door to elsewhere. */
export function createProxy(serviceUrl: string): Proxy {
  const { protocol, host, origin } = new URL(serviceUrl);
  if (protocol !== "http:" || !isPageHost(host)) throw new Error("The service must be at http://localhost.");
  return (request, response, { path, onSilence }) => {
    const upstream = ask(new URL(path, origin), {
      ...(request.method === undefined ? {} : { method: request.method }),
      // Without a length, and without this, Node would send the body of a DELETE with no end.
      headers: { ...passedOn(request), ...(isChunked(request) ? { "transfer-encoding": "chunked" } : {}) },
      agent: false,
    });
    upstream.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer));
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    upstream.on("error", () => {
      if (response.headersSent) response.destroy();
      else onSilence();
    });
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  };
}

const isChunked = ({ headers }: IncomingMessage): boolean => headers["transfer-encoding"] !== undefined;

function passedOn({ headers }: IncomingMessage): Record<string, string | string[]> {
  const named = (headers.connection ?? "").toLowerCase().split(/[\s,]+/);
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || STAYS_HERE.test(name) || named.includes(name) ? [] : [[name, value] as const],
  );
  return Object.fromEntries(kept);
}
