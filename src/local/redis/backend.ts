import { Redis } from "ioredis";
import { requireCommand } from "./commands.ts";
import type { Engine, Reply } from "./engine.ts";
import { parseReply } from "./parse-reply.ts";
import { RedisError } from "./redis-error.ts";

/** Where commands go. Replies are the same whichever backend answers; only a lost connection is an exception. */
export interface RedisBackend {
  single(command: readonly string[]): Promise<Reply>;
  /**
   * All in one MULTI/EXEC. A command that does not exist or has the wrong number of arguments refuses the whole
   * list, and none of it runs; a command that fails for any other reason fails alone.
   */
  transaction(commands: readonly (readonly string[])[]): Promise<Reply[] | { readonly error: string }>;
  close(): Promise<void>;
}

const REFUSED = { error: "EXECABORT Transaction discarded because of previous errors." } as const;

export function embeddedBackend(engine: Engine): RedisBackend {
  return {
    single: (command) => Promise.resolve(only(engine.run([command]))),
    transaction: (commands) => Promise.resolve(commands.some(isRefused) ? REFUSED : engine.run(commands)),
    close: () => Promise.resolve(),
  };
}

/**
 * A real server at `redis://` or `rediss://`, which connects on the first command. Commands that the engine's table
 * lacks (WATCH, EVAL, CONFIG, SHUTDOWN, …) never reach it. A command whose connection breaks is not sent again.
 */
export function realBackend(url: string): RedisBackend {
  const redis = new Redis(url, {
    lazyConnect: true,
    protocol: 2,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5000,
    // The timer behind it would hold the process for as long after close().
    disconnectTimeout: 100,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  });
  // ioredis prints errors that nobody listens for. The commands concerned reject, and that is where they are told.
  redis.on("error", () => undefined);

  // Names in upper case, since ioredis rewrites the replies of commands that it knows by their lower-case name.
  // One write for all: nothing else on this connection gets in between MULTI and EXEC.
  const send = async (commands: readonly (readonly string[])[]): Promise<unknown[]> => {
    const pipeline = redis.pipeline();
    for (const [name = "", ...args] of commands) pipeline.call(name.toUpperCase(), ...args);
    const outcomes = (await pipeline.exec()) ?? [];
    return outcomes.map(([error, result]) => error ?? result);
  };

  return {
    single: async (command) => refusal(command) ?? parseReply((await send([command])).at(0)),
    async transaction(commands) {
      if (commands.some(isRefused)) return REFUSED;
      const executed = (await send([["MULTI"], ...commands, ["EXEC"]])).at(-1);
      if (Array.isArray(executed)) return executed.map(parseReply);
      const refused = parseReply(executed);
      return "error" in refused ? refused : REFUSED;
    },
    close: () => Promise.resolve(redis.disconnect()),
  };
}

function refusal(command: readonly string[]): { readonly error: string } | null {
  try {
    requireCommand(command);
    return null;
  } catch (error) {
    if (error instanceof RedisError) return { error: error.message };
    throw error;
  }
}

const isRefused = (command: readonly string[]): boolean => refusal(command) !== null;

function only(replies: readonly Reply[]): Reply {
  const [reply] = replies;
  if (reply === undefined) throw new Error("The engine gave no reply");
  return reply;
}
