import type { RedisBackend } from "../../../src/local/redis/backend.ts";

/** Commands whose arguments are all keys, and the one that has two. */
const KEYS_OF: Readonly<Record<string, number>> = { MGET: Infinity, PFCOUNT: Infinity, COPY: 2 };

/** A backend in which all keys have a prefix that its user knows nothing of. */
export function prefixedBackend(backend: RedisBackend, prefix: string): RedisBackend {
  const own = ([name = "", ...args]: readonly string[]) => {
    const count = KEYS_OF[name.toUpperCase()] ?? 1;
    return [name, ...args.map((word, index) => (index < count ? prefix + word : word))];
  };
  return {
    async single(command) {
      const reply = await backend.single(own(command));
      if (command[0] !== "KEYS" || !("result" in reply) || !Array.isArray(reply.result)) return reply;
      return { result: reply.result.map((key) => String(key).slice(prefix.length)) };
    },
    transaction: (commands) => backend.transaction(commands.map(own)),
    close: () => backend.close(),
  };
}
