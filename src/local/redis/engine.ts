import type { Value } from "./command.ts";
import { requireCommand } from "./commands.ts";
import { createKeyspace } from "./keyspace.ts";
import { RedisError } from "./redis-error.ts";

export type { Value } from "./command.ts";

/** A command's outcome, in the two forms that Upstash's REST protocol has for it. */
export type Reply = { readonly result: Value } | { readonly error: string };

export interface Engine {
  /**
   * Runs the commands one after another at one moment of the clock. Nothing else runs between them, so a list is
   * a transaction. A command that fails changes nothing and does not stop the next.
   */
  run(commands: readonly (readonly string[])[]): Reply[];
}

/** A Redis 7.0 in this process, with the commands that the table in commands.ts has and no others. */
export function createEngine({ now = Date.now }: { now?: () => number } = {}): Engine {
  const space = createKeyspace();

  const reply = (command: readonly string[]): Reply => {
    try {
      return { result: requireCommand(command).run(space, command.slice(1)) };
    } catch (error) {
      if (error instanceof RedisError) return { error: error.message };
      throw error;
    }
  };

  return {
    run(commands) {
      space.setClock(Math.floor(now()));
      return commands.map(reply);
    },
  };
}
