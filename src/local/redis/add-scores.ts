import type { Value } from "./command.ts";
import type { Keyspace } from "./keyspace.ts";
import { formatScore, requireScore } from "./numbers.ts";
import { RedisError, syntaxError } from "./redis-error.ts";
import { openScores, readScores } from "./scores.ts";

type Flags = ReadonlySet<string>;

interface Written {
  /** The member's score from now on, or null where a condition left everything as it was. */
  readonly score: number | null;
  readonly effect: "added" | "changed" | "none";
}

/** ZADD, and ZINCRBY, which is a ZADD INCR. All scores are checked before the first is written. */
export function addScores(space: Keyspace, args: readonly string[], increments: boolean): Value {
  const [key = "", ...rest] = args;
  const { flags, pairs } = parse(rest, increments);
  const current = readScores(space, key);
  if (current.size === 0 && flags.has("xx")) return flags.has("incr") ? null : 0;

  const written = pairs.map(([score, member]) => write(space, key, { score, member, flags }));
  if (flags.has("incr")) {
    const score = written[0]?.score ?? null;
    return score === null ? null : formatScore(score);
  }
  const counted = flags.has("ch") ? ["added", "changed"] : ["added"];
  return written.filter(({ effect }) => counted.includes(effect)).length;
}

function parse(
  args: readonly string[],
  increments: boolean,
): { readonly flags: Flags; readonly pairs: readonly (readonly [number, string])[] } {
  const flags = new Set<string>(increments ? ["incr"] : []);
  let index = 0;
  for (; index < args.length; index += 1) {
    const option = args[index]?.toLowerCase() ?? "";
    if (!["nx", "xx", "gt", "lt", "ch", "incr"].includes(option)) break;
    flags.add(option);
  }
  const elements = args.slice(index);
  if (elements.length === 0 || elements.length % 2 !== 0) throw syntaxError();
  const exclusive = ["gt", "lt", "nx"].filter((flag) => flags.has(flag));
  if (flags.has("nx") && flags.has("xx")) {
    throw new RedisError("ERR XX and NX options at the same time are not compatible");
  }
  if (exclusive.length > 1) {
    throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  if (flags.has("incr") && elements.length > 2) {
    throw new RedisError("ERR INCR option supports a single increment-element pair");
  }
  const pairs = Array.from({ length: elements.length / 2 }, (_, pair) => {
    const member = elements[pair * 2 + 1] ?? "";
    return [requireScore(elements[pair * 2] ?? ""), member] as const;
  });
  return { flags, pairs };
}

function write(
  space: Keyspace,
  key: string,
  { score: given, member, flags }: { score: number; member: string; flags: Flags },
): Written {
  const kept: Written = { score: null, effect: "none" };
  const before = readScores(space, key).get(member);
  if (before === null) {
    if (flags.has("xx")) return kept;
    openScores(space, key).set(member, given);
    return { score: given, effect: "added" };
  }
  if (flags.has("nx")) return kept;
  const score = flags.has("incr") ? before + given : given;
  if (Number.isNaN(score)) throw new RedisError("ERR resulting score is not a number (NaN)");
  if ((flags.has("lt") && score >= before) || (flags.has("gt") && score <= before)) return kept;
  if (score !== before) openScores(space, key).set(member, score);
  return { score, effect: score === before ? "none" : "changed" };
}
