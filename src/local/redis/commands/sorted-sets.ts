import type { Commands, Value } from "../command.ts";
import { formatScore, inScoreRange, requireInt64, requireScoreRange } from "../numbers.ts";
import { addScores } from "../add-scores.ts";
import { readRange, rankSlice } from "../read-range.ts";
import { openScores, readScores } from "../scores.ts";
import type { Keyspace } from "../keyspace.ts";
import type { Scored } from "../sorted-scores.ts";

/** Commands on sorted sets. BYLEX is left out: it is a syntax error here. */
export const sortedSetCommands: Commands = {
  zadd: { arity: -4, run: (space, args) => addScores(space, args, false) },
  zincrby: { arity: 4, run: (space, args) => addScores(space, args, true) },
  zcard: { arity: 2, run: (space, [key = ""]) => readScores(space, key).size },
  zcount: {
    arity: 4,
    run: (space, [key = "", min = "", max = ""]) => {
      const range = requireScoreRange(min, max);
      const inRange = ({ score }: Scored): boolean => inScoreRange(score, range);
      return readScores(space, key).ordered().filter(inRange).length;
    },
  },
  zscore: {
    arity: 3,
    run: (space, [key = "", member = ""]) => printed(readScores(space, key).get(member)),
  },
  zmscore: {
    arity: -3,
    run: (space, [key = "", ...members]) => {
      const scores = readScores(space, key);
      return members.map((member) => printed(scores.get(member)));
    },
  },
  zrank: { arity: 3, run: (space, [key = "", member = ""]) => rank(space, key, member)?.fromLowest ?? null },
  zrevrank: {
    arity: 3,
    run: (space, [key = "", member = ""]) => rank(space, key, member)?.fromHighest ?? null,
  },
  zrem: { arity: -3, run: (space, [key = "", ...members]) => remove(space, key, members) },
  zrange: { arity: -4, run: (space, args) => readRange(space, args, "any") },
  zrangebyscore: { arity: -4, run: (space, args) => readRange(space, args, "score") },
  zremrangebyrank: {
    arity: 4,
    run: (space, [key = "", start = "", stop = ""]) => {
      const [first, last] = [requireInt64(start), requireInt64(stop)];
      const doomed = rankSlice(readScores(space, key).ordered(), first, last);
      return remove(
        space,
        key,
        doomed.map(({ member }) => member),
      );
    },
  },
  zremrangebyscore: {
    arity: 4,
    run: (space, [key = "", min = "", max = ""]) => {
      const range = requireScoreRange(min, max);
      const ordered = readScores(space, key).ordered();
      const doomed = ordered.filter(({ score }) => inScoreRange(score, range));
      return remove(
        space,
        key,
        doomed.map(({ member }) => member),
      );
    },
  },
};

const printed = (score: number | null): Value => (score === null ? null : formatScore(score));

function rank(
  space: Keyspace,
  key: string,
  member: string,
): { readonly fromLowest: number; readonly fromHighest: number } | null {
  const ordered = readScores(space, key).ordered();
  const index = ordered.findIndex((scored) => scored.member === member);
  return index === -1 ? null : { fromLowest: index, fromHighest: ordered.length - 1 - index };
}

function remove(space: Keyspace, key: string, members: readonly string[]): number {
  if (readScores(space, key).size === 0) return 0;
  const scores = openScores(space, key);
  const removed = members.filter((member) => scores.delete(member)).length;
  if (scores.size === 0) space.delete(key);
  return removed;
}
