import type { RedisBackend } from "../../../src/local/redis/backend.ts";

type Command = readonly string[];

/** A store that gets other commands than the service sends; as many, so that each reply is where it belongs. */
export function alterCommands(alter: (command: Command) => Command): (real: RedisBackend) => RedisBackend {
  return (real) => ({ ...real, transaction: (commands) => real.transaction(commands.map(alter)) });
}

/** The same for those of one name on keys of one kind: `HSETNX` on `otp:…`. */
export function alterOf(
  name: string,
  kind: string,
  alter: (command: Command) => Command,
): (real: RedisBackend) => RedisBackend {
  const isMeant = ([of = "", key = ""]: Command) => of.toUpperCase() === name && key.startsWith(`${kind}:`);
  return alterCommands((command) => (isMeant(command) ? alter(command) : command));
}
