import type { IncomingMessage, ServerResponse } from "node:http";
import { Agent, createServer, request as httpsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { closeAtOnce } from "../../src/local/close-at-once.ts";
import type { UpstreamAnswer } from "./deliver-answer.ts";
import { deliverAnswer } from "./deliver-answer.ts";

/** What a proxy does with one request. */
export type Fault =
  | "pass"
  /** The connection breaks before the upstream hears of it, or after it has done its work. */
  | "drop_before"
  | "drop_after"
  /** Nobody ever answers: without, or after, the upstream's work. */
  | "hang_before"
  | "hang_after"
  /** Headers and half of the body, then nothing; or then the end of the connection, after the headers or the half. */
  | "stall_in_body"
  | "cut_after_headers"
  | "cut_in_body"
  /** The body comes a byte at a time, for as long as anybody listens. */
  | "drip"
  /** The upstream does its work twice, and its caller hears the second answer. */
  | "duplicate"
  /** Another answer, without the upstream's work. */
  | { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> }
  /** The upstream's answer, changed. */
  | { readonly rewrite: (body: string) => string; readonly asStatus?: number }
  /** The upstream hears of it, or its caller of the answer, when this is done. */
  | { readonly after: Promise<unknown> }
  | { readonly answerAfter: Promise<unknown> }
  /** The upstream's answer and then this text for ever; `onClose` gets how many bytes went out. */
  | { readonly endless: string; readonly asStatus?: number; readonly onClose?: (bytes: number) => void };

export interface Exchange {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** When the upstream has done all that it will do for this one. */
  readonly settled: Promise<void>;
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
export async function startFaultProxy({
  upstream,
  tls,
  ca,
}: {
  readonly upstream: string;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly ca: string;
}): Promise<FaultProxy> {
  const agent = new Agent({ ca, keepAlive: true });
  const exchanges: Exchange[] = [];
  let faultOf: (exchange: Exchange, index: number) => Fault = () => "pass";
  let index = 0;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { promise: settled, resolve: settle } = Promise.withResolvers<void>();
    const body = await readAll(request);
    const exchange = { path: request.url ?? "/", headers: request.headers, body, settled };
    exchanges.push(exchange);
    await serve(exchange, request, response).finally(settle);
  }

  async function serve(
    exchange: Exchange,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const fault = faultOf(exchange, index++);
    const forward = () => forwardTo({ upstream, agent }, request, exchange.body);
    if (fault === "drop_before") return void request.socket.destroy();
    if (fault === "hang_before") return;
    if (typeof fault === "object" && "status" in fault) {
      return void response.writeHead(fault.status, fault.headers).end(fault.body);
    }
    if (typeof fault === "object" && "after" in fault) await fault.after;
    if (fault === "duplicate") await forward();
    const answer = await forward();
    if (typeof fault === "object" && "answerAfter" in fault) await fault.answerAfter;
    if (fault === "drop_after") return void request.socket.destroy();
    if (fault === "hang_after") return;
    deliverAnswer(response, answer, fault);
  }

  const server = createServer(tls, (request, response) => {
    receive(request, response).catch(() => request.socket.destroy());
  });
  const close = closeAtOnce(server);
  // Who is to find a connection broken is the plan's to say, not a clock's.
  server.keepAliveTimeout = 0;
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
      agent.destroy();
      return close();
    },
  };
}

function forwardTo(
  { upstream, agent }: { upstream: string; agent: Agent },
  request: IncomingMessage,
  body: string,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    const url = new URL(request.url ?? "/", upstream);
    const { method, headers } = request;
    const forwarded = httpsRequest(url, { method, headers, agent }, (answer) => {
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
