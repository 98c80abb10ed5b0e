import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";

/** What a proxy does with one request. */
export type Fault =
  | "pass"
  /** The connection breaks before the upstream hears of it, or after it has done its work. */
  | "drop_before"
  | "drop_after"
  /** Nobody ever answers: without, or after, the upstream's work. */
  | "hang_before"
  | "hang_after"
  /** Headers and half of the body, then nothing; or then the end of the connection. */
  | "stall_in_body"
  | "cut_in_body"
  /** Another answer, without the upstream's work. */
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The upstream's answer, changed. */
  | { readonly rewrite: (body: string) => string; readonly asStatus?: number }
  /** The upstream hears of it, or its caller of the answer, when this is done. */
  | { readonly after: Promise<unknown> }
  | { readonly answerAfter: Promise<unknown> };

export interface Exchange {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface FaultProxy {
  readonly url: string;
  readonly exchanges: readonly Exchange[];
  /** Decides about each request from now on; `index` counts from 0 since this call. */
  plan(faultOf: (exchange: Exchange, index: number) => Fault): void;
  /** Lets all pass, and forgets what has passed. */
  reset(): void;
  close(): Promise<void>;
}

/** An HTTPS server in front of an upstream that does to each exchange what the plan says. */
export async function startFaultProxy(options: {
  readonly upstream: string;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly ca: string;
}): Promise<FaultProxy> {
  const exchanges: Exchange[] = [];
  let faultOf: (exchange: Exchange, index: number) => Fault = () => "pass";
  let index = 0;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const exchange = { path: request.url ?? "/", headers: request.headers, body: await readAll(request) };
    exchanges.push(exchange);
    const fault = faultOf(exchange, index++);
    const forward = () => forwardTo(options, request, exchange.body);
    if (fault === "drop_before") return void request.socket.destroy();
    if (fault === "hang_before") return;
    if (typeof fault === "object" && "status" in fault) {
      return void response.writeHead(fault.status, fault.headers).end(fault.body);
    }
    if (typeof fault === "object" && "after" in fault) await fault.after;
    const answer = await forward();
    if (typeof fault === "object" && "answerAfter" in fault) await fault.answerAfter;
    if (fault === "drop_after") return void request.socket.destroy();
    if (fault === "hang_after") return;
    const body = typeof fault === "object" && "rewrite" in fault ? fault.rewrite(answer.body) : answer.body;
    const status = typeof fault === "object" && "rewrite" in fault ? fault.asStatus : undefined;
    response.writeHead(status ?? answer.status, {
      "content-type": answer.contentType,
      "content-length": Buffer.byteLength(body),
    });
    if (fault !== "stall_in_body" && fault !== "cut_in_body") return void response.end(body);
    response.write(body.slice(0, Math.floor(body.length / 2)), () => {
      if (fault === "cut_in_body") request.socket.destroy();
    });
  }

  const server = createServer(options.tls, (request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    exchanges,
    plan(next) {
      faultOf = next;
      index = 0;
    },
    reset() {
      faultOf = () => "pass";
      exchanges.length = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

function forwardTo(
  { upstream, ca }: { upstream: string; ca: string },
  request: IncomingMessage,
  body: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const url = new URL(request.url ?? "/", upstream);
    const { method, headers } = request;
    const forwarded = httpsRequest(url, { method, headers, ca, agent: false }, (answer) => {
      const contentType = answer.headers["content-type"] ?? "text/plain";
      readAll(answer)
        .then((text) => ({ status: answer.statusCode ?? 502, contentType, body: text }))
        .then(resolve, reject);
    });
    forwarded.on("error", reject);
    forwarded.end(body);
  });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
