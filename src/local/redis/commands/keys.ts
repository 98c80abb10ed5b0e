import type { Commands } from "../command.ts";
import { globPattern } from "../glob-pattern.ts";
import type { Keyspace, Stored } from "../keyspace.ts";
import { requireInt64 } from "../numbers.ts";
import { RedisError, syntaxError } from "../redis-error.ts";

/** Commands that take any key, whatever it holds. */
export const keyCommands: Commands = {
  type: { arity: 2, run: (space, [key = ""]) => typeName(space.get(key)) },
  exists: { arity: -2, run: (space, keys) => keys.filter((key) => space.get(key) !== null).length },
  del: { arity: -2, run: remove },
  unlink: { arity: -2, run: remove },
  keys: {
    arity: 2,
    run: (space, [pattern = ""]) => {
      const matches = globPattern(pattern);
      return space.keys().filter((key) => matches.test(key));
    },
  },
  scan: { arity: -2, run: scan },
  randomkey: {
    arity: 1,
    run: (space) => {
      const keys = space.keys();
      return keys[Math.floor(Math.random() * keys.length)] ?? null;
    },
  },
  rename: {
    arity: 3,
    run: (space, [from = "", to = ""]) => {
      const value = space.get(from);
      if (value === null) throw new RedisError("ERR no such key");
      const expiresAt = space.expiresAt(from);
      space.delete(from);
      space.set(to, value, expiresAt);
      return "OK";
    },
  },
  copy: { arity: -3, run: copy },
};

const typeName = (value: Stored | null): string =>
  value === null ? "none" : value.type === "hyperloglog" ? "string" : value.type;

function remove(space: Keyspace, keys: readonly string[]): number {
  return keys.filter((key) => space.delete(key)).length;
}

/** With its time to live. Into another database is left out: it is a syntax error here. */
function copy(space: Keyspace, [from = "", to = "", ...options]: readonly string[]): number {
  if (options.some((option) => option.toLowerCase() !== "replace")) throw syntaxError();
  if (from === to) throw new RedisError("ERR source and destination objects are the same");
  const value = space.get(from);
  if (value === null || (options.length === 0 && space.get(to) !== null)) return 0;
  space.set(to, cloneStored(value), space.expiresAt(from));
  return 1;
}

function cloneStored(value: Stored): Stored {
  switch (value.type) {
    case "string":
      return value;
    case "hash":
      return { ...value, fields: new Map(value.fields) };
    case "zset":
      return { ...value, scores: value.scores.clone() };
    case "set":
    case "hyperloglog":
      return { ...value, members: new Set(value.members) };
  }
}

/** Everything in one page: the cursor that comes back is always 0, whatever COUNT asks for. */
function scan(space: Keyspace, [cursor = "", ...options]: readonly string[]): [string, string[]] {
  if (!/^\d{1,20}$/.test(cursor)) throw new RedisError("ERR invalid cursor");
  let matches = /^/;
  let type: string | null = null;
  for (let index = 0; index < options.length; index += 2) {
    const argument = options[index + 1];
    const option = options[index]?.toLowerCase();
    if (argument === undefined) throw syntaxError();
    if (option === "match") matches = globPattern(argument);
    else if (option === "type") type = argument.toLowerCase();
    else if (option !== "count" || requireInt64(argument) < 1n) throw syntaxError();
  }
  if (cursor !== "0") return ["0", []];
  const wanted = (key: string): boolean =>
    matches.test(key) && (type === null || typeName(space.get(key)) === type);
  return ["0", space.keys().filter(wanted)];
}
