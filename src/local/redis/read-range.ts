import type { Value } from "./command.ts";
import type { Keyspace } from "./keyspace.ts";
import { formatScore, inScoreRange, requireInt64, requireScoreRange } from "./numbers.ts";
import { RedisError, syntaxError } from "./redis-error.ts";
import { readScores } from "./scores.ts";
import type { Scored } from "./sorted-scores.ts";

interface RangeOptions {
  readonly withScores: boolean;
  readonly reversed: boolean;
  readonly byScore: boolean;
  readonly offset: bigint;
  readonly limit: bigint;
}

/** ZRANGE ("any") and ZRANGEBYSCORE ("score", which takes neither REV nor BYSCORE). */
export function readRange(space: Keyspace, args: readonly string[], form: "any" | "score"): Value {
  const [key = "", first = "", second = "", ...rest] = args;
  const options = parseOptions(rest, form);
  const select = options.byScore ? byScore(first, second, options) : byRank(first, second);
  const ordered = readScores(space, key).ordered();
  const chosen = select(options.reversed ? ordered.toReversed() : ordered);
  return options.withScores
    ? chosen.flatMap(({ member, score }) => [member, formatScore(score)])
    : chosen.map(({ member }) => member);
}

/** What stands between two ranks, both included, counted from the end where negative. */
export function rankSlice(ordered: readonly Scored[], start: bigint, stop: bigint): readonly Scored[] {
  const size = BigInt(ordered.length);
  const first = start < 0n ? start + size : start;
  const last = stop < 0n ? stop + size : stop;
  if (first > last || last < 0n || first >= size) return [];
  return ordered.slice(Number(first < 0n ? 0n : first), Number(last >= size ? size : last + 1n));
}

type Select = (ordered: readonly Scored[]) => readonly Scored[];

function byRank(first: string, second: string): Select {
  const [start, stop] = [requireInt64(first), requireInt64(second)];
  return (ordered) => rankSlice(ordered, start, stop);
}

function byScore(first: string, second: string, { reversed, offset, limit }: RangeOptions): Select {
  const range = reversed ? requireScoreRange(second, first) : requireScoreRange(first, second);
  return (ordered) => {
    if (offset < 0n) return [];
    const inRange = ordered.filter(({ score }) => inScoreRange(score, range)).slice(Number(offset));
    return limit < 0n ? inRange : inRange.slice(0, Number(limit));
  };
}

function parseOptions(options: readonly string[], form: "any" | "score"): RangeOptions {
  let [withScores, reversed, byScores] = [false, false, form === "score"];
  let [offset, limit] = [0n, -1n];
  for (let index = 0; index < options.length; index += 1) {
    const option = options[index]?.toLowerCase();
    if (option === "withscores") withScores = true;
    else if (option === "limit" && index + 2 < options.length) {
      offset = requireInt64(options[index + 1] ?? "");
      limit = requireInt64(options[index + 2] ?? "");
      index += 2;
    } else if (option === "rev" && form === "any" && !reversed) reversed = true;
    else if (option === "byscore" && form === "any" && !byScores) byScores = true;
    else throw syntaxError();
  }
  if (limit !== -1n && !byScores) {
    throw new RedisError(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  }
  return { withScores, reversed, byScore: byScores, offset, limit };
}
