import { Agent, request } from "node:http";

export interface TimedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as JSON, or null. */
  readonly body: unknown;
  /** From the first byte asked to the last byte read. */
  readonly ms: number;
}

export interface Client {
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<TimedAnswer>;
  get(path: string): Promise<TimedAnswer>;
  close(): void;
}

/** workerd closes a connection that has been idle for 15 s: one that is as old could break under the next request. */
const IDLE_MS = 5000;

/** A client that keeps its connections and does as little as it can beside. */
export function createClient(url: string): Client {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, timeout: IDLE_MS });

  const ask = (
    method: string,
    path: string,
    { headers, text }: { headers: Readonly<Record<string, string>>; text: string },
  ): Promise<TimedAnswer> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const length = text === "" ? {} : { "content-length": String(Buffer.byteLength(text)) };
      const asked = request(
        { agent, hostname, port, method, path, headers: { ...headers, ...length } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.once("error", reject);
          answer.once("end", () => {
            const ms = performance.now() - startedAt;
            const body = parseJson(Buffer.concat(chunks).toString());
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body, ms });
          });
        },
      );
      asked.once("error", reject);
      asked.end(text);
    });

  return {
    post: (path, body, headers = {}) =>
      ask("POST", path, {
        headers: { "content-type": "application/json", ...headers },
        text: JSON.stringify(body),
      }),
    get: (path) => ask("GET", path, { headers: {}, text: "" }),
    close: () => agent.destroy(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
