import { describe, expect, it } from "vitest";
import { embeddedBackend } from "../../src/local/redis/backend.ts";
import { createEngine, type Reply } from "../../src/local/redis/engine.ts";

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value";
const NOT_AN_INTEGER = "ERR value is not an integer or out of range";

/** Splits at spaces; `''` is an empty word. */
const words = (line: string): string[] => line.split(" ").map((word) => (word === "''" ? "" : word));

const outcome = (reply: Reply): unknown => ("error" in reply ? `! ${reply.error}` : reply.result);

/** Runs lines one after another on a new engine, and gives the last outcome; an error starts with "! ". */
function last(lines: readonly string[], now = () => 1_000_000): unknown {
  const engine = createEngine({ now });
  return lines.map((line) => engine.run([words(line)]).map(outcome)[0]).at(-1);
}

describe("the embedded engine", () => {
  it.each<[string, string[], unknown]>([
    ["ping", ["PING"], "PONG"],
    ["ping with a text", ["ping hello"], "hello"],
    ["time", ["TIME"], ["1000", "0"]],
    ["keys by pattern", ["MSET aa 1 ab 2 b 3", "KEYS a[a-b]"], ["aa", "ab"]],
    ["keys by a quoted glyph", ["MSET a*b 1 axb 2", "KEYS a\\*b"], ["a*b"]],
    ["scan in one page", ["MSET a 1 b 2", "SCAN 0 MATCH a COUNT 1"], ["0", ["a"]]],
    ["the size", ["MSET a 1 b 2", "DBSIZE"], 2],
    ["nothing after a flush", ["SET a 1", "FLUSHALL", "DBSIZE"], 0],
    ["type", ["ZADD z 1 m", "TYPE z"], "zset"],
    ["type of a HyperLogLog", ["PFADD p a", "TYPE p"], "string"],
    ["a repeated key counts twice", ["SET a 1", "EXISTS a a b"], 2],
    ["rename keeps the time to live", ["SET a 1 EX 50", "RENAME a b", "TTL b"], 50],
    ["rename of nothing", ["RENAME a b"], "! ERR no such key"],
    ["copy takes the time to live along", ["SET a 1 EX 50", "COPY a b", "TTL b"], 50],
    ["copy leaves what is there", ["SET a 1", "SET b 2", "COPY a b"], 0],
    ["copy REPLACE does not", ["SET a 1", "SET b 2 EX 50", "COPY a b REPLACE", "TTL b"], -1],
    ["copy of nothing leaves it too", ["SET b 2", "COPY a b REPLACE", "GET b"], "2"],
    ["copy onto itself", ["COPY a a"], "! ERR source and destination objects are the same"],
    ["a copied hash is another", ["HSET a x 1", "COPY a b", "HSET a x 2", "HGET b x"], "1"],
    ["a copied sorted set is another", ["ZADD a 1 x", "COPY a b", "ZADD a 2 x", "ZSCORE b x"], "1"],
    ["a copied set is another", ["SADD a x", "COPY a b", "SADD a y", "SCARD b"], 1],
    ["a copied HyperLogLog is another", ["PFADD a x", "COPY a b", "PFADD a y", "PFCOUNT b"], 1],
    ["set NX on a key", ["SET a 1", "SET a 2 NX"], null],
    ["set NX GET on a key", ["SET a 1", "SET a 2 NX GET"], "1"],
    ["set NX GET on no key", ["SET a 2 NX GET"], null],
    ["set NX GET writes", ["SET a 2 NX GET", "GET a"], "2"],
    ["set XX on no key", ["SET a 1 XX"], null],
    ["set drops the expiry", ["SET a 1 EX 50", "SET a 2", "TTL a"], -1],
    ["set KEEPTTL keeps it", ["SET a 1 EX 50", "SET a 2 KEEPTTL", "TTL a"], 50],
    ["set NX XX", ["SET a 1 NX XX"], "! ERR syntax error"],
    ["set EX 0", ["SET a 1 EX 0"], "! ERR invalid expire time in 'set' command"],
    ["set EX with no number", ["SET a 1 EX x"], `! ${NOT_AN_INTEGER}`],
    ["getex PERSIST", ["SET a 1 EX 50", "GETEX a PERSIST", "TTL a"], -1],
    ["getdel", ["SET a 1", "GETDEL a", "EXISTS a"], 0],
    ["strlen counts bytes", ["SET a é", "STRLEN a"], 2],
    ["append keeps the time to live", ["SET a 1 EX 50", "APPEND a 2", "TTL a"], 50],
    ["incr keeps the time to live", ["SET a 1 EX 50", "INCR a", "TTL a"], 50],
    [
      "incr past 64 bits",
      ["SET a 9223372036854775807", "INCR a"],
      "! ERR increment or decrement would overflow",
    ],
    ["incr of text", ["SET a x", "INCR a"], `! ${NOT_AN_INTEGER}`],
    ["incr of 007", ["SET a 007", "INCR a"], `! ${NOT_AN_INTEGER}`],
    ["decrby of the lowest", ["DECRBY a -9223372036854775808"], "! ERR decrement would overflow"],
    ["hset counts new fields", ["HSET h a 1 b 2", "HSET h a 3 c 4"], 1],
    ["hgetall is flat", ["HSET h a 1 b 2", "HGETALL h"], ["a", "1", "b", "2"]],
    ["hsetnx leaves a field", ["HSETNX h a 1", "HSETNX h a 2"], 0],
    ["the last field takes the hash", ["HSET h a 1", "HDEL h a", "EXISTS h"], 0],
    ["hincrby of text", ["HSET h a x", "HINCRBY h a 1"], "! ERR hash value is not an integer"],
    ["hset with half a pair", ["HSET h a 1 b"], "! ERR wrong number of arguments for 'hset' command"],
    ["scores print as in 7.0", ["ZADD z 0.1 m", "ZSCORE z m"], "0.10000000000000001"],
    ["large scores", ["ZADD z 1e20 m", "ZSCORE z m"], "1e+20"],
    ["whole scores", ["ZADD z 1795416230947 m", "ZSCORE z m"], "1795416230947"],
    ["zadd NX leaves a score", ["ZADD z 1 m", "ZADD z NX 2 m", "ZSCORE z m"], "1"],
    ["zadd GT CH", ["ZADD z 5 m", "ZADD z GT CH 3 m 9 n"], 1],
    ["zadd INCR", ["ZADD z 5 m", "ZADD z INCR 2 m"], "7"],
    [
      "zadd NX GT",
      ["ZADD z NX GT 1 m"],
      "! ERR GT, LT, and/or NX options at the same time are not compatible",
    ],
    [
      "inf and -inf make no number",
      ["ZADD z inf m", "ZINCRBY z -inf m"],
      "! ERR resulting score is not a number (NaN)",
    ],
    ["order by score, then bytes", ["ZADD z 1 b 1 a 0 c", "ZRANGE z 0 -1"], ["c", "a", "b"]],
    ["zrange REV WITHSCORES", ["ZADD z 1 a 2 b", "ZRANGE z 0 0 REV WITHSCORES"], ["b", "2"]],
    ["exclusive bounds", ["ZADD z 1 a 2 b 3 c", "ZRANGE z (1 +inf BYSCORE LIMIT 0 1"], ["b"]],
    ["zcount", ["ZADD z 1 a 2 b 3 c", "ZCOUNT z (1 3"], 2],
    ["zrevrank", ["ZADD z 1 a 2 b", "ZREVRANK z a"], 1],
    ["trimmed by rank", ["ZADD z 1 a 2 b 3 c", "ZREMRANGEBYRANK z 2 -1", "ZCARD z"], 2],
    ["the last member takes the set", ["ZADD z 1 a", "ZREMRANGEBYSCORE z -inf +inf", "EXISTS z"], 0],
    [
      "LIMIT by rank",
      ["ZRANGE z 0 1 LIMIT 0 1"],
      "! ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    ],
    ["bad bounds", ["ZCOUNT z a b"], "! ERR min or max is not a float"],
    ["sets", ["SADD s a b a", "SMISMEMBER s a x"], [1, 0]],
    ["a HyperLogLog counts once", ["PFADD p a b", "PFADD p a", "PFCOUNT p"], 2],
    ["pfadd says what is new", ["PFADD p a", "PFADD p a"], 0],
    ["pfmerge", ["PFADD p a", "PFADD q a b", "PFMERGE r p q", "PFCOUNT r"], 2],
    [
      "pfadd on a string",
      ["SET a x", "PFADD a b"],
      "! WRONGTYPE Key is not a valid HyperLogLog string value.",
    ],
    ["get of a hash", ["HSET h a 1", "GET h"], `! ${WRONG_TYPE}`],
    ["zadd on a string", ["SET a 1", "ZADD a 1 m"], `! ${WRONG_TYPE}`],
    ["set GET on a hash", ["HSET h a 1", "SET h 1 GET"], `! ${WRONG_TYPE}`],
    ["set on a hash", ["HSET h a 1", "SET h 1"], "OK"],
    ["too few words", ["GET"], "! ERR wrong number of arguments for 'get' command"],
    ["too many words", ["Get a b"], "! ERR wrong number of arguments for 'get' command"],
    [
      "a command that is none",
      ["foo a b"],
      "! ERR unknown command 'foo', with args beginning with: 'a' 'b' ",
    ],
  ])("answers %s as Redis 7.0 does", (_name, lines, expected) => {
    expect(last(lines)).toEqual(expected);
  });

  it.each([
    "WATCH a",
    "UNWATCH",
    "MULTI",
    "EXEC",
    "DISCARD",
    "EVAL x 0",
    "SUBSCRIBE c",
    "BLPOP a 0",
    "CONFIG GET *",
    "SHUTDOWN",
  ])("does not know %s", (line) => {
    expect(last([line])).toMatch(/^! ERR unknown command/);
  });

  it("keeps a key for all of its last millisecond, and not after", () => {
    let now = 1000;
    const engine = createEngine({ now: () => now });
    engine.run([words("SET a 1 PX 500")]);
    now = 1500;
    expect(engine.run([words("GET a"), words("PTTL a")]).map(outcome)).toEqual(["1", 0]);
    now = 1501;
    expect(engine.run([words("GET a"), words("TTL a"), words("DBSIZE")]).map(outcome)).toEqual([null, -2, 0]);
  });

  it.each<[string, string[], number]>([
    ["NX on a key that has one", ["SET a 1 EX 50", "EXPIRE a 90 NX", "TTL a"], 50],
    ["XX on a key that has none", ["SET a 1", "EXPIRE a 90 XX", "TTL a"], -1],
    ["GT with a shorter one", ["SET a 1 EX 50", "EXPIRE a 40 GT", "TTL a"], 50],
    ["GT on a key that never ends", ["SET a 1", "EXPIRE a 40 GT", "TTL a"], -1],
    ["LT on a key that never ends", ["SET a 1", "EXPIRE a 40 LT", "TTL a"], 40],
    ["a time that is over", ["SET a 1", "EXPIRE a -1", "EXISTS a"], 0],
  ])("expires by EXPIRE %s", (_name, lines, expected) => {
    expect(last(lines)).toBe(expected);
  });

  it("runs a list at one moment, and past a command that fails", () => {
    let now = 0;
    const engine = createEngine({ now: () => (now += 1000) });
    const list = ["SET a 1 EX 1", "INCRBY a x", "TTL a", "INCR a"].map(words);
    expect(engine.run(list).map(outcome)).toEqual(["OK", `! ${NOT_AN_INTEGER}`, 1, 2]);
  });
});

describe("a transaction on the embedded engine", () => {
  it.each(["NOPE", "GET", "WATCH a"])(
    "is refused whole, and leaves no trace, when %s is in it",
    async (line) => {
      const backend = embeddedBackend(createEngine());
      const refused = await backend.transaction([words("SET a 1"), words(line)]);
      expect(refused).toEqual({ error: "EXECABORT Transaction discarded because of previous errors." });
      expect(await backend.single(words("EXISTS a"))).toEqual({ result: 0 });
    },
  );
});
