import { createHash } from "node:crypto";
import { Redis } from "ioredis";
import type { RedisBackend } from "../../src/local/redis/backend.ts";
import { parseReply } from "../../src/local/redis/parse-reply.ts";

/** Upstash's own flag, which no other Redis knows. */
const UPSTASH_FLAGS = "#!lua flags=allow-key-locking\n";

/** A real server with all of its commands, Lua included, as peers need them; nothing else may stand on that server. */
export function rawBackend(url: string): RedisBackend {
  const redis = new Redis(url, { protocol: 2, maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined);
  const withoutFlags = createFlagFilter();
  const send = async (commands: readonly (readonly string[])[]): Promise<unknown[]> => {
    const pipeline = redis.pipeline();
    for (const [name = "", ...args] of commands) pipeline.call(name.toUpperCase(), ...args);
    return ((await pipeline.exec()) ?? []).map(([error, result]) => error ?? result);
  };
  return {
    single: async (command) => parseReply((await send([withoutFlags(command)])).at(0)),
    async transaction(commands) {
      const executed = (await send([["MULTI"], ...commands, ["EXEC"]])).at(-1);
      if (Array.isArray(executed)) return executed.map(parseReply);
      const refused = parseReply(executed);
      return "error" in refused
        ? refused
        : { error: "EXECABORT Transaction discarded because of previous errors." };
    },
    close: () => Promise.resolve(redis.disconnect()),
  };
}

/** Takes Upstash's flag off scripts, which changes their names: so whoever calls one by its name gets it whole. */
function createFlagFilter(): (command: readonly string[]) => readonly string[] {
  const scripts = new Map<string, string>();
  return (command) => {
    const [name = "", script = "", ...rest] = command;
    const isFlagged = name.toLowerCase() === "eval" && script.startsWith(UPSTASH_FLAGS);
    const sha = isFlagged ? createHash("sha1").update(script).digest("hex") : script;
    if (isFlagged) scripts.set(sha, script.slice(UPSTASH_FLAGS.length));
    const known = isFlagged || name.toLowerCase() === "evalsha" ? scripts.get(sha) : undefined;
    return known === undefined ? command : ["EVAL", known, ...rest];
  };
}
