import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";

/** What the company's backend does with one request. */
export type DirectoryReply =
  | { readonly record: unknown }
  | {
      readonly status: number;
      readonly body: string | Uint8Array;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | "suspended"
  /** 404: it knows nobody of that number. */
  | "unknown"
  /** Nobody ever answers; or the connection breaks. */
  | "silent"
  | "drop"
  /** Headers and half of a record, then nothing; or then the end of the connection. */
  | "stall_in_body"
  | "cut_in_body";

export interface DirectoryRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A stand-in for the company's backend, over TLS. Whatever is planned, a request that is not signed gets a 401. */
export interface Directory {
  /** Without a path. */
  readonly url: string;
  readonly requests: readonly DirectoryRequest[];
  /** How many requests were given up before they were answered in full. */
  readonly abandoned: number;
  /** Decides about each request from now on, and forgets what has been. */
  plan(replyTo: (request: DirectoryRequest) => DirectoryReply): void;
  close(): Promise<void>;
}

export async function startDirectory(options: {
  readonly secret: Uint8Array;
  readonly tls: { readonly key: string; readonly cert: string };
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}): Promise<Directory> {
  const { secret, tls, now = Date.now } = options;
  const requests: DirectoryRequest[] = [];
  let abandoned = 0;
  let replyTo: (request: DirectoryRequest) => DirectoryReply = () => "unknown";

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url: path = "", headers } = incoming;
    const request = { method, path, headers, body: await readAll(incoming) };
    requests.push(request);
    if (!isSigned(request, secret, now() / 1000)) return void response.writeHead(401).end();
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
    plan(next) {
      replyTo = next;
      requests.length = 0;
      abandoned = 0;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The verifier of the README, which shares nothing with the signer. Times in seconds. */
export function isSigned(
  { method, path, headers, body }: DirectoryRequest,
  secret: Uint8Array,
  now: number,
): boolean {
  const time = String(headers["x-edge-otp-time"]);
  const signed = `${time}\n${method}\n${path}\n${body}`;
  const right = Buffer.from(`v1=${createHmac("sha256", secret).update(signed).digest("hex")}`);
  const given = Buffer.from(String(headers["x-edge-otp-signature"]));
  const isRecent = Math.abs(now - Number(time)) <= 300;
  return isRecent && given.length === right.length && timingSafeEqual(given, right);
}

function reply(response: ServerResponse, what: DirectoryReply): void {
  if (what === "silent") return;
  if (what === "drop") return void response.socket?.destroy();
  if (what === "suspended") return sendJson(response, { suspended: true });
  if (what === "unknown") return void response.writeHead(404).end("{}");
  if (what === "stall_in_body" || what === "cut_in_body") {
    const isCut = what === "cut_in_body";
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "40" });
    return void response.write('{"name":"Asha"', () => isCut && response.socket?.destroy());
  }
  if ("record" in what) return sendJson(response, what.record);
  response.writeHead(what.status, what.headers).end(what.body);
}

function sendJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
