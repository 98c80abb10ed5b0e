import type { Commands } from "../command.ts";
import { syntaxError, wrongArity } from "../redis-error.ts";
import type { Keyspace } from "../keyspace.ts";

/** Commands about the server and the database as a whole. */
export const connectionCommands: Commands = {
  ping: {
    arity: -1,
    run: (_space, args) => {
      if (args.length > 1) throw wrongArity("ping");
      return args[0] ?? "PONG";
    },
  },
  echo: { arity: 2, run: (_space, [text = ""]) => text },
  time: {
    arity: 1,
    run: ({ now }) => [String(Math.floor(now / 1000)), String((Math.floor(now) % 1000) * 1000)],
  },
  dbsize: { arity: 1, run: (space) => space.keys().length },
  flushall: { arity: -1, run: flush },
  flushdb: { arity: -1, run: flush },
};

function flush(space: Keyspace, args: readonly string[]): string {
  const plain = args.length === 0 || (args.length === 1 && /^(?:a?sync)$/i.test(args[0] ?? ""));
  if (!plain) throw syntaxError();
  space.clear();
  return "OK";
}
