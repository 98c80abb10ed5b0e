import type { Command } from "./command.ts";
import { connectionCommands } from "./commands/connection.ts";
import { expiryCommands } from "./commands/expiry.ts";
import { hashCommands } from "./commands/hashes.ts";
import { hyperLogLogCommands } from "./commands/hyperloglogs.ts";
import { keyCommands } from "./commands/keys.ts";
import { setCommands } from "./commands/sets.ts";
import { sortedSetCommands } from "./commands/sorted-sets.ts";
import { stringCommands } from "./commands/strings.ts";
import { RedisError, wrongArity } from "./redis-error.ts";

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...connectionCommands,
    ...keyCommands,
    ...expiryCommands,
    ...stringCommands,
    ...hashCommands,
    ...sortedSetCommands,
    ...setCommands,
    ...hyperLogLogCommands,
  }),
);

/** The command of that name, in any case. WATCH, EVAL, CONFIG and all else that the table lacks do not exist. */
export const findCommand = (name: string): Command | null => COMMANDS.get(name.toLowerCase()) ?? null;

/** What Redis checks before it queues a command: that it exists and has as many arguments as it needs. */
export function requireCommand(command: readonly string[]): Command {
  const [name = "", ...args] = command;
  const found = findCommand(name);
  if (found === null) throw unknownCommand(name, args);
  const { arity } = found;
  if (arity > 0 ? command.length !== arity : command.length < -arity) throw wrongArity(name.toLowerCase());
  return found;
}

function unknownCommand(name: string, args: readonly string[]): RedisError {
  let quoted = "";
  for (const arg of args) {
    if (quoted.length >= 128) break;
    quoted += `'${arg.slice(0, 128 - quoted.length)}' `;
  }
  const line = `ERR unknown command '${name.slice(0, 128)}', with args beginning with: ${quoted}`;
  return new RedisError(line.replaceAll(/[\r\n]/g, " "));
}
