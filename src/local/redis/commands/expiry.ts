import type { Command, Commands } from "../command.ts";
import type { Keyspace } from "../keyspace.ts";
import { isInt64, requireInt64 } from "../numbers.ts";
import { invalidExpireTime, RedisError } from "../redis-error.ts";

type Unit = 1000n | 1n;

/** Commands that set, read and drop the time at which a key is gone. */
export const expiryCommands: Commands = {
  expire: expire("expire", 1000n, true),
  pexpire: expire("pexpire", 1n, true),
  expireat: expire("expireat", 1000n, false),
  pexpireat: expire("pexpireat", 1n, false),
  ttl: { arity: 2, run: (space, [key = ""]) => remaining(space, key, toSeconds) },
  pttl: { arity: 2, run: (space, [key = ""]) => remaining(space, key, (ms) => ms) },
  expiretime: { arity: 2, run: (space, [key = ""]) => moment(space, key, toSeconds) },
  pexpiretime: { arity: 2, run: (space, [key = ""]) => moment(space, key, (ms) => ms) },
  persist: {
    arity: 2,
    run: (space, [key = ""]) => {
      if (space.get(key) === null || space.expiresAt(key) === null) return 0;
      space.setExpiry(key, null);
      return 1;
    },
  },
};

const toSeconds = (ms: number): number => Math.floor((ms + 500) / 1000);

function remaining(space: Keyspace, key: string, unit: (ms: number) => number): number {
  if (space.get(key) === null) return -2;
  const expiresAt = space.expiresAt(key);
  return expiresAt === null ? -1 : unit(Math.max(0, expiresAt - space.now));
}

function moment(space: Keyspace, key: string, unit: (ms: number) => number): number {
  if (space.get(key) === null) return -2;
  const expiresAt = space.expiresAt(key);
  return expiresAt === null ? -1 : unit(expiresAt);
}

function expire(name: string, unit: Unit, relative: boolean): Command {
  return {
    arity: -3,
    run: (space, [key = "", time = "", ...options]) => {
      const conditions = parseConditions(options);
      const scaled = requireInt64(time) * unit;
      const when = scaled + (relative ? BigInt(space.now) : 0n);
      if (!isInt64(scaled) || !isInt64(when)) throw invalidExpireTime(name);
      if (space.get(key) === null) return 0;
      const expiresAt = Number(when);
      if (!allows(conditions, space.expiresAt(key), expiresAt)) return 0;
      if (expiresAt <= space.now) space.delete(key);
      else space.setExpiry(key, expiresAt);
      return 1;
    },
  };
}

function parseConditions(options: readonly string[]): ReadonlySet<string> {
  const conditions = new Set<string>();
  for (const option of options) {
    const condition = option.toLowerCase();
    if (!["nx", "xx", "gt", "lt"].includes(condition)) {
      throw new RedisError(`ERR Unsupported option ${option}`);
    }
    conditions.add(condition);
  }
  if (conditions.has("nx") && conditions.size > 1) {
    throw new RedisError("ERR NX and XX, GT or LT options at the same time are not compatible");
  }
  if (conditions.has("gt") && conditions.has("lt")) {
    throw new RedisError("ERR GT and LT options at the same time are not compatible");
  }
  return conditions;
}

/** No expiry counts as infinitely far away. */
function allows(conditions: ReadonlySet<string>, current: number | null, wanted: number): boolean {
  if (conditions.has("nx") && current !== null) return false;
  if (conditions.has("xx") && current === null) return false;
  if (conditions.has("gt") && (current === null || wanted <= current)) return false;
  return !(conditions.has("lt") && current !== null && wanted >= current);
}
