import * as fc from "fast-check";

/** Commands over a handful of keys, so that types collide and conditions bite. Replies must be deterministic. */
export function randomCommands(prefix: string): fc.Arbitrary<string[]> {
  const key = fc.constantFrom("a", "b", "c").map((name) => `${prefix}:${name}`);
  // Keys of their own: the engine counts exactly, so what GET shows of a HyperLogLog differs.
  const log = fc.constantFrom("h", "i").map((name) => `${prefix}:${name}`);
  const text = fc.constantFrom("", "x", "10", "-7", "007", "9223372036854775807", "1.5", "é", "𝄞\uFFFD");
  const whole = fc.constantFrom("0", "1", "-1", "5", "-9223372036854775808", "+1", "1.0", "x", "");
  const moment = fc.constantFrom<string[]>(
    "4102444800",
    "4102444801",
    "4102444800000",
    "1",
    "0",
    "-1",
    "nope",
  );
  const seconds = fc.constantFrom("1000", "2000", "0", "-5", "9223372036854775807", "x");
  const score = fc.constantFrom(
    "0",
    "-0",
    "1",
    "0.1",
    "-2.5",
    "1e300",
    "1e-7",
    "3e16",
    "inf",
    "-inf",
    "nan",
    "x",
  );
  const bound = fc.constantFrom("-inf", "+inf", "0", "(0", "(1", "1", "-2.5", "(inf", "", "(", "x");
  const rank = fc.constantFrom("0", "1", "-1", "-2", "5", "-9", "x");
  const member = fc.constantFrom("m", "n", "", "é", "\uFFFD", "𝄞");
  const times: fc.Arbitrary<string[]> = fc.oneof(
    fc.constant<string[]>([]),
    fc.tuple(fc.constantFrom<string[]>("EX", "px"), fc.constantFrom<string[]>("100000", "0", "-1", "x")),
    fc.tuple(fc.constantFrom<string[]>("EXAT", "PXAT"), moment),
    fc.constantFrom<string[]>(["KEEPTTL"], ["PERSIST"], ["EX"], ["bogus"], ["EX", "1000", "EX", "2000"]),
  );
  const limits = fc.constantFrom<string[]>(
    [],
    [],
    ["LIMIT", "0", "2"],
    ["LIMIT", "1", "-1"],
    ["LIMIT", "-1", "1"],
  );

  return fc.oneof(
    ...["GET", "GETDEL", "STRLEN", "INCR", "DECR", "HLEN", "HGETALL", "HKEYS", "HVALS", "ZCARD", "SCARD"].map(
      (name) => command(name, key),
    ),
    ...["TYPE", "TTL", "EXPIRETIME", "PEXPIRETIME", "PERSIST"].map((name) => command(name, key)),
    ...["EXISTS", "DEL", "UNLINK", "MGET"].map((name) => command(name, many(key))),
    ...["TYPE", "DEL", "PFCOUNT", "HLEN"].map((name) => command(name, log)),
    command("PFCOUNT", many(log)),
    command("PTTL", fc.constant(`${prefix}:absent`)),
    command("SET", key, text, some("NX", "XX", "GET"), times),
    command("SET", key, text),
    command("GETEX", key, times),
    command("SETNX", key, text),
    command("SETEX", key, seconds, text),
    command("PSETEX", key, fc.constantFrom("1000000", "0", "x"), text),
    command("GETSET", key, text),
    command("MSET", pairs(key, text), some("odd")),
    command("APPEND", key, text),
    command("INCRBY", key, whole),
    command("DECRBY", key, whole),
    command("RENAME", key, key),
    command("COPY", key, key, some("REPLACE", "odd")),
    command("COPY", log, log, some("replace")),
    command("EXPIRE", key, seconds, some("NX", "xx")),
    command("EXPIREAT", key, moment, some("NX", "XX", "GT", "LT", "odd")),
    command("PEXPIREAT", key, moment, some("GT", "LT")),
    command("PEXPIRE", key, fc.constantFrom("1000000", "0", "-5", "x")),
    command("HSET", key, pairs(member, text), some("odd")),
    command("HSETNX", key, member, text),
    command("HGET", key, member),
    command("HEXISTS", key, member),
    command("HMGET", key, many(member)),
    command("HDEL", key, many(member)),
    command("HINCRBY", key, member, whole),
    command("ZADD", key, some("NX", "XX", "GT", "LT", "CH", "INCR"), pairs(score, member)),
    command("ZADD", key, score, member),
    command("ZINCRBY", key, score, member),
    ...["ZSCORE", "ZRANK", "ZREVRANK", "SISMEMBER"].map((name) => command(name, key, member)),
    ...["ZMSCORE", "ZREM", "SADD", "SREM", "SMISMEMBER"].map((name) => command(name, key, many(member))),
    command("ZCOUNT", key, bound, bound),
    command("ZRANGE", key, rank, rank, some("REV", "WITHSCORES"), limits),
    command("ZRANGE", key, bound, bound, fc.constant("BYSCORE"), some("REV", "withscores"), limits),
    command("ZRANGEBYSCORE", key, bound, bound, some("WITHSCORES", "odd"), limits),
    command("ZREMRANGEBYRANK", key, rank, rank),
    command("ZREMRANGEBYSCORE", key, bound, bound),
    command("PFADD", log, many(member)),
    command("PFMERGE", log, many(log)),
    command("PING", many(text)),
    command("ECHO", many(text)),
    command("SCAN", fc.constant("x"), some("COUNT", "10", "MATCH")),
    command("NOPE", many(text)),
  );
}

const some = (...words: string[]) =>
  fc.subarray(words).chain((chosen) => fc.shuffledSubarray(chosen, { minLength: chosen.length }));

const command = (name: string, ...parts: readonly fc.Arbitrary<string | string[]>[]) =>
  fc.tuple(...parts).map((values) => [name, ...values.flat()]);

const many = (part: fc.Arbitrary<string>) => fc.array(part, { maxLength: 3 });

const pairs = (first: fc.Arbitrary<string>, second: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(first, second), { maxLength: 3 }).map((list) => list.flat());
