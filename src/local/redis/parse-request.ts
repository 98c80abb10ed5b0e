import { findCommand } from "./commands.ts";

export type RestRequest =
  | { readonly kind: "single"; readonly command: readonly string[] }
  | { readonly kind: "pipeline" | "transaction"; readonly commands: readonly (readonly string[])[] };

export interface Refused {
  readonly status: 400 | 404 | 405;
  readonly error: string;
}

const POST_ROUTES = { "/": "single", "/pipeline": "pipeline", "/multi-exec": "transaction" } as const;

/** What an HTTP request asks of Redis, by Upstash's REST protocol. `target` is path and query as received. */
export function parseRequest(method: string, target: string, body: string): RestRequest | Refused {
  const [path = "/"] = target.split("?");
  const route = isPostRoute(path) ? POST_ROUTES[path] : null;
  if (route !== null) {
    if (method !== "POST") return { status: 405, error: "ERR use POST" };
    return route === "single" ? parseSingle(parseJson(body)) : parseList(route, parseJson(body));
  }
  const command = parsePath(path);
  if (command === null || findCommand(command[0] ?? "") === null)
    return { status: 404, error: "ERR no such path" };
  return method === "GET" ? { kind: "single", command } : { status: 405, error: "ERR use GET" };
}

function parseSingle(body: unknown): RestRequest | Refused {
  const command = parseCommand(body);
  if (command === null) return { status: 400, error: 'ERR the body must be a command: ["GET","key"]' };
  return { kind: "single", command };
}

function parseList(kind: "pipeline" | "transaction", body: unknown): RestRequest | Refused {
  const commands: (readonly string[])[] = [];
  for (const entry of Array.isArray(body) ? body : []) {
    const command = parseCommand(entry);
    if (command === null)
      return { status: 400, error: `ERR command ${commands.length} of the list is not a command` };
    commands.push(command);
  }
  if (commands.length > 0) return { kind, commands };
  return { status: 400, error: 'ERR the body must be a list of commands: [["GET","key"]]' };
}

/** A command's words: text, or a number or boolean, which goes to Redis as it is printed. */
function parseCommand(received: unknown): readonly string[] | null {
  if (!Array.isArray(received) || received.length === 0) return null;
  const words: string[] = [];
  for (const word of received) {
    if (typeof word !== "string" && typeof word !== "number" && typeof word !== "boolean") return null;
    // A lone surrogate has no bytes to send.
    words.push(String(word).toWellFormed());
  }
  return words;
}

/** `/set/key/value`, percent-decoded. */
function parsePath(path: string): readonly string[] | null {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPostRoute = (path: string): path is keyof typeof POST_ROUTES => Object.hasOwn(POST_ROUTES, path);
