import type { Commands } from "../command.ts";
import type { Keyspace } from "../keyspace.ts";
import { RedisError, wrongType } from "../redis-error.ts";

/** Commands on HyperLogLogs, counted exactly. */
export const hyperLogLogCommands: Commands = {
  pfadd: {
    arity: -2,
    run: (space, [key = "", ...added]) => {
      const existed = read(space, key) !== null;
      const members = open(space, key);
      const before = members.size;
      for (const member of added) members.add(member);
      return Number(!existed || members.size > before);
    },
  },
  pfcount: {
    arity: -2,
    run: (space, keys) => new Set(keys.flatMap((key) => [...(read(space, key) ?? [])])).size,
  },
  pfmerge: {
    arity: -2,
    run: (space, [target = "", ...sources]) => {
      const merged = [target, ...sources].flatMap((key) => [...(read(space, key) ?? [])]);
      const members = open(space, target);
      for (const member of merged) members.add(member);
      return "OK";
    },
  },
};

function read(space: Keyspace, key: string): Set<string> | null {
  const value = space.get(key);
  if (value === null) return null;
  if (value.type === "string") {
    throw new RedisError("WRONGTYPE Key is not a valid HyperLogLog string value.");
  }
  if (value.type !== "hyperloglog") throw wrongType();
  return value.members;
}

function open(space: Keyspace, key: string): Set<string> {
  const members = read(space, key) ?? new Set<string>();
  space.set(key, { type: "hyperloglog", members }, space.expiresAt(key));
  return members;
}
