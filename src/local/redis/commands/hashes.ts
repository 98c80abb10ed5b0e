import type { Commands } from "../command.ts";
import type { Keyspace } from "../keyspace.ts";
import { isInt64, parseInt64, requireInt64 } from "../numbers.ts";
import { RedisError, wrongArity, wrongType } from "../redis-error.ts";

type Fields = Map<string, string>;

/** Commands on hashes. Fields keep the order in which they were first set, as in a small Redis hash. */
export const hashCommands: Commands = {
  hset: {
    arity: -4,
    run: (space, [key = "", ...pairs]) => {
      if (pairs.length % 2 !== 0) throw wrongArity("hset");
      const fields = open(space, key);
      const before = fields.size;
      for (let index = 0; index < pairs.length; index += 2) {
        fields.set(pairs[index] ?? "", pairs[index + 1] ?? "");
      }
      return fields.size - before;
    },
  },
  hsetnx: {
    arity: 4,
    run: (space, [key = "", field = "", text = ""]) => {
      if (read(space, key).has(field)) return 0;
      open(space, key).set(field, text);
      return 1;
    },
  },
  hget: { arity: 3, run: (space, [key = "", field = ""]) => read(space, key).get(field) ?? null },
  hmget: {
    arity: -3,
    run: (space, [key = "", ...names]) => {
      const fields = read(space, key);
      return names.map((name) => fields.get(name) ?? null);
    },
  },
  hgetall: { arity: 2, run: (space, [key = ""]) => [...read(space, key)].flat() },
  hkeys: { arity: 2, run: (space, [key = ""]) => [...read(space, key).keys()] },
  hvals: { arity: 2, run: (space, [key = ""]) => [...read(space, key).values()] },
  hlen: { arity: 2, run: (space, [key = ""]) => read(space, key).size },
  hexists: { arity: 3, run: (space, [key = "", field = ""]) => Number(read(space, key).has(field)) },
  hdel: {
    arity: -3,
    run: (space, [key = "", ...names]) => {
      const fields = read(space, key);
      const removed = names.filter((name) => fields.delete(name)).length;
      if (removed > 0 && fields.size === 0) space.delete(key);
      return removed;
    },
  },
  hincrby: {
    arity: 4,
    run: (space, [key = "", field = "", by = ""]) => {
      const amount = requireInt64(by);
      const current = parseInt64(read(space, key).get(field) ?? "0");
      if (current === null) throw new RedisError("ERR hash value is not an integer");
      const sum = current + amount;
      if (!isInt64(sum)) throw new RedisError("ERR increment or decrement would overflow");
      open(space, key).set(field, String(sum));
      return Number(sum);
    },
  },
};

/** The fields as they are; empty when there is no such key. */
function read(space: Keyspace, key: string): Fields {
  const value = space.get(key);
  if (value === null) return new Map();
  if (value.type !== "hash") throw wrongType();
  return value.fields;
}

/** The fields to write to; the key is made when it is missing. */
function open(space: Keyspace, key: string): Fields {
  const fields = read(space, key);
  if (space.get(key) === null) space.set(key, { type: "hash", fields });
  return fields;
}
