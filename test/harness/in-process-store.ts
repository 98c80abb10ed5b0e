import type { RedisBackend } from "../../src/local/redis/backend.ts";
import { parseRequest } from "../../src/local/redis/parse-request.ts";

/** One transaction as it went over the wire, executed. */
export interface StoreExchange {
  readonly host: string;
  readonly commands: readonly (readonly string[])[];
  /** Of the two bodies. */
  readonly requestBytes: number;
  readonly responseBytes: number;
}

export interface StoreListener {
  /** Holds the request up on its way, and throws where it is lost. */
  readonly asked?: () => void | Promise<void>;
  /** Throws where the reply is lost. */
  readonly answered: (exchange: StoreExchange) => void | Promise<void>;
}

/**
 * A `fetch` that reaches backends in this process by Upstash's REST protocol, whatever the host or by its name. Returns
 * how to put the real one back.
 */
export function installStore(
  backend: RedisBackend | ((host: string) => RedisBackend),
  { asked, answered }: StoreListener,
): () => void {
  const backendOf = typeof backend === "function" ? backend : () => backend;
  const real = globalThis.fetch;
  replaceFetch(async (target: string, { body }: { readonly body: string }) => {
    const [, , host = "", path = ""] = target.split("/");
    const request = parseRequest("POST", `/${path}`, body);
    if (!("kind" in request) || request.kind !== "transaction")
      throw new Error("the store is asked otherwise");
    await asked?.();
    const { commands } = request;
    const replies = await backendOf(host).transaction(commands);
    const text = JSON.stringify(replies);
    await answered({ host, commands, requestBytes: body.length, responseBytes: text.length });
    return { ok: Array.isArray(replies), text: () => Promise.resolve(text) };
  });
  return () => replaceFetch(real);
}

function replaceFetch(value: unknown): void {
  Object.defineProperty(globalThis, "fetch", { value, configurable: true, writable: true });
}
