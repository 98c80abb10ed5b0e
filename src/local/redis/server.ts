import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Travel } from "../distance.ts";
import { equalSecrets } from "../equal-secrets.ts";
import { listenLoopback, type ListenOptions } from "../loopback.ts";
import { readBody } from "../read-body.ts";
import type { RedisBackend } from "./backend.ts";
import type { Value } from "./command.ts";
import type { Reply } from "./engine.ts";
import { parseRequest, type RestRequest } from "./parse-request.ts";

export interface RedisServerOptions extends ListenOptions {
  readonly backend: RedisBackend;
  readonly token: string;
  readonly tls: { readonly key: string; readonly cert: string };
  /** How far away it is; what it does meanwhile takes no time beside. */
  readonly travel?: Travel | undefined;
}

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: Reply | Reply[];
}

const BODY_LIMIT_BYTES = 1024 * 1024;

/**
 * Redis as Upstash offers it: commands in JSON over HTTPS, with a bearer token, one by one, in a pipeline or in a
 * transaction. HTTPS only. Nothing of a command or a reply is logged. Closing it leaves the backend open.
 * https://upstash.com/docs/redis/features/restapi
 */
export async function startRedis({
  backend,
  token,
  tls,
  travel,
  ...listen
}: RedisServerOptions): Promise<RedisServer> {
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const way = travel?.();
    const { status, body } = await answer(request, backend, token);
    await way;
    const encode = request.headers["upstash-encoding"] === "base64" ? encodeReply : (reply: Reply) => reply;
    const sent = Array.isArray(body) ? body.map(encode) : encode(body);
    const text = JSON.stringify(sent);
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
    response.writeHead(status, headers).end(text);
  };
  const { port, close } = await listenLoopback(
    () =>
      createServer(tls, (request, response) => {
        // Only a request that broke off rejects, and nobody is left to answer.
        respond(request, response).catch(() => response.destroy());
      }),
    listen,
  );
  return { url: `https://localhost:${port}`, port, close };
}

async function answer(request: IncomingMessage, backend: RedisBackend, token: string): Promise<Answer> {
  const body = await readBody(request, BODY_LIMIT_BYTES);
  if (!equalSecrets(request.headers.authorization ?? "", `Bearer ${token}`)) {
    return { status: 401, body: { error: "WRONGPASS invalid or missing auth token" } };
  }
  if (body === null) return { status: 413, body: { error: "ERR max request size exceeded" } };
  const asked = parseRequest(request.method ?? "", request.url ?? "/", body.toString());
  if ("error" in asked) return { status: asked.status, body: { error: asked.error } };
  try {
    return await ask(backend, asked);
  } catch {
    return { status: 503, body: { error: "ERR the Redis behind this address does not answer" } };
  }
}

async function ask(backend: RedisBackend, asked: RestRequest): Promise<Answer> {
  if (asked.kind === "single") {
    const reply = await backend.single(asked.command);
    return { status: "error" in reply ? 400 : 200, body: reply };
  }
  if (asked.kind === "transaction") {
    const replies = await backend.transaction(asked.commands);
    return { status: Array.isArray(replies) ? 200 : 400, body: replies };
  }
  const replies: Reply[] = [];
  for (const command of asked.commands) replies.push(await backend.single(command));
  return { status: 200, body: replies };
}

function encodeReply(reply: Reply): Reply {
  // The client reads a plain "OK" only where it is the whole result; inside a list it decodes every string.
  if ("error" in reply || reply.result === "OK") return reply;
  return { result: encodeValue(reply.result) };
}

function encodeValue(value: Value): Value {
  if (typeof value === "string") return Buffer.from(value).toString("base64");
  return Array.isArray(value) ? value.map(encodeValue) : value;
}
