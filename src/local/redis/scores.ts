import type { Keyspace } from "./keyspace.ts";
import { wrongType } from "./redis-error.ts";
import { SortedScores } from "./sorted-scores.ts";

/** The sorted set under a key as it is; empty when there is no such key. */
export function readScores(space: Keyspace, key: string): SortedScores {
  const value = space.get(key);
  if (value === null) return new SortedScores();
  if (value.type !== "zset") throw wrongType();
  return value.scores;
}

/** The sorted set to write to; the key is made when it is missing. */
export function openScores(space: Keyspace, key: string): SortedScores {
  const scores = readScores(space, key);
  if (space.get(key) === null) space.set(key, { type: "zset", scores });
  return scores;
}
