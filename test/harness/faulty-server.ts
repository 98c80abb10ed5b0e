import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What a server does with one request. */
export type FaultyReply =
  | { readonly json: unknown }
  | {
      readonly status: number;
      readonly body: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Nobody ever answers; or the connection breaks. */
  | "silent"
  | "drop"
  /** Headers and half of some JSON, then nothing; or then the end of the connection. */
  | "stall_in_body"
  | "cut_in_body";

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A server over TLS that replies as it is told. */
export interface FaultyServer {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many requests were given up before they were answered in full. */
  readonly abandoned: number;
  /** Forgets what has been. */
  forget(): void;
  close(): Promise<void>;
}

export async function startFaultyServer(
  tls: { readonly key: string; readonly cert: string },
  replyTo: (request: ReceivedRequest) => FaultyReply,
): Promise<FaultyServer> {
  const requests: ReceivedRequest[] = [];
  let abandoned = 0;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: await readAll(incoming) };
    requests.push(request);
    reply(response, replyTo(request));
  }

  const server = createServer(tls, (incoming, response) => {
    response.once("close", () => {
      if (!response.writableFinished) abandoned += 1;
    });
    serve(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    requests,
    get abandoned() {
      return abandoned;
    },
    forget() {
      requests.length = 0;
      abandoned = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function reply(response: ServerResponse, what: FaultyReply): void {
  if (what === "silent") return;
  if (what === "drop") return void response.socket?.destroy();
  const json = { "Content-Type": "application/json" };
  if (what === "stall_in_body" || what === "cut_in_body") {
    const isCut = what === "cut_in_body";
    response.writeHead(200, { ...json, "Content-Length": "40" });
    return void response.write('{"success":true', () => isCut && response.socket?.destroy());
  }
  if ("json" in what) return void response.writeHead(200, json).end(JSON.stringify(what.json));
  response.writeHead(what.status, what.headers).end(what.body);
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
