import type { Commands, Value } from "../command.ts";
import type { Keyspace } from "../keyspace.ts";
import { isInt64, requireInt64 } from "../numbers.ts";
import { RedisError, wrongArity, wrongType } from "../redis-error.ts";
import { parseSetOptions, requireExpiry, type ExpireOption } from "../set-options.ts";

/** Commands on strings and on the counters in them. */
export const stringCommands: Commands = {
  get: { arity: 2, run: (space, [key = ""]) => read(space, key) },
  set: { arity: -3, run: set },
  setnx: {
    arity: 3,
    run: (space, [key = "", text = ""]) => {
      if (space.get(key) !== null) return 0;
      space.set(key, { type: "string", text });
      return 1;
    },
  },
  setex: { arity: 4, run: (space, args) => setWithTime(space, args, "setex") },
  psetex: { arity: 4, run: (space, args) => setWithTime(space, args, "psetex") },
  getset: {
    arity: 3,
    run: (space, [key = "", text = ""]) => {
      const before = read(space, key);
      space.set(key, { type: "string", text });
      return before;
    },
  },
  getdel: {
    arity: 2,
    run: (space, [key = ""]) => {
      const text = read(space, key);
      space.delete(key);
      return text;
    },
  },
  getex: { arity: -2, run: getEx },
  mget: {
    arity: -2,
    run: (space, keys) =>
      keys.map((key) => {
        const value = space.get(key);
        return value?.type === "string" ? value.text : null;
      }),
  },
  mset: {
    arity: -3,
    run: (space, pairs) => {
      if (pairs.length % 2 !== 0) throw wrongArity("mset");
      for (let index = 0; index < pairs.length; index += 2) {
        space.set(pairs[index] ?? "", { type: "string", text: pairs[index + 1] ?? "" });
      }
      return "OK";
    },
  },
  strlen: { arity: 2, run: (space, [key = ""]) => Buffer.byteLength(read(space, key) ?? "") },
  append: {
    arity: 3,
    run: (space, [key = "", more = ""]) => {
      const text = (read(space, key) ?? "") + more;
      space.set(key, { type: "string", text }, space.expiresAt(key));
      return Buffer.byteLength(text);
    },
  },
  incr: { arity: 2, run: (space, [key = ""]) => add(space, key, 1n) },
  decr: { arity: 2, run: (space, [key = ""]) => add(space, key, -1n) },
  incrby: { arity: 3, run: (space, [key = "", by = ""]) => add(space, key, requireInt64(by)) },
  decrby: {
    arity: 3,
    run: (space, [key = "", by = ""]) => {
      const amount = -requireInt64(by);
      if (!isInt64(amount)) throw new RedisError("ERR decrement would overflow");
      return add(space, key, amount);
    },
  },
};

function read(space: Keyspace, key: string): string | null {
  const value = space.get(key);
  if (value === null) return null;
  if (value.type !== "string") throw wrongType();
  return value.text;
}

function set(space: Keyspace, [key = "", text = "", ...rest]: readonly string[]): Value {
  const options = parseSetOptions("set", rest);
  const expiresAt = options.expire && requireExpiry("set", options.expire, space.now);
  const before = options.get ? read(space, key) : null;
  const exists = space.get(key) !== null;
  if (options.onlyIf !== null && exists !== (options.onlyIf === "present")) return before;
  space.set(key, { type: "string", text }, options.keepTtl ? space.expiresAt(key) : expiresAt);
  return options.get ? before : "OK";
}

function setWithTime(space: Keyspace, args: readonly string[], name: "setex" | "psetex"): Value {
  const [key = "", time = "", text = ""] = args;
  const option: ExpireOption = { time, unit: name === "setex" ? "ex" : "px" };
  space.set(key, { type: "string", text }, requireExpiry(name, option, space.now));
  return "OK";
}

function getEx(space: Keyspace, [key = "", ...rest]: readonly string[]): Value {
  const options = parseSetOptions("getex", rest);
  const text = read(space, key);
  if (text === null) return null;
  const expiresAt = options.expire && requireExpiry("getex", options.expire, space.now);
  if (options.persist) space.setExpiry(key, null);
  else if (expiresAt !== null && expiresAt <= space.now) space.delete(key);
  else if (expiresAt !== null) space.setExpiry(key, expiresAt);
  return text;
}

function add(space: Keyspace, key: string, amount: bigint): number {
  const sum = requireInt64(read(space, key) ?? "0") + amount;
  if (!isInt64(sum)) throw new RedisError("ERR increment or decrement would overflow");
  space.set(key, { type: "string", text: String(sum) }, space.expiresAt(key));
  return Number(sum);
}
