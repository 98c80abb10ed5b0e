import type { Commands } from "../command.ts";
import type { Keyspace } from "../keyspace.ts";
import { wrongType } from "../redis-error.ts";

/** Commands on sets. Members come back in the order in which they were added; Redis promises none. */
export const setCommands: Commands = {
  sadd: {
    arity: -3,
    run: (space, [key = "", ...added]) => {
      const members = read(space, key);
      const before = members.size;
      for (const member of added) members.add(member);
      if (before === 0) space.set(key, { type: "set", members }, space.expiresAt(key));
      return members.size - before;
    },
  },
  srem: {
    arity: -3,
    run: (space, [key = "", ...removed]) => {
      const members = read(space, key);
      const count = removed.filter((member) => members.delete(member)).length;
      if (count > 0 && members.size === 0) space.delete(key);
      return count;
    },
  },
  scard: { arity: 2, run: (space, [key = ""]) => read(space, key).size },
  smembers: { arity: 2, run: (space, [key = ""]) => [...read(space, key)] },
  sismember: { arity: 3, run: (space, [key = "", member = ""]) => Number(read(space, key).has(member)) },
  smismember: {
    arity: -3,
    run: (space, [key = "", ...asked]) => {
      const members = read(space, key);
      return asked.map((member) => Number(members.has(member)));
    },
  },
};

function read(space: Keyspace, key: string): Set<string> {
  const value = space.get(key);
  if (value === null) return new Set();
  if (value.type !== "set") throw wrongType();
  return value.members;
}
