import type { Chance } from "../../chance.ts";

/** A quota that is divided among shards, each of which counts for itself. Shares are of the quota. */
export interface Divided {
  /** How much was used when the first shard refused somebody, in the middle of all days, and on one day in a hundred. */
  readonly firstRefusal: number;
  readonly firstRefusalAtWorst: number;
  /** Of a day that asks for exactly the quota, how much is refused. */
  readonly refused: number;
  /** How much larger the parts must be for 99 of 100 such days to refuse nobody: so much more can get out at most. */
  readonly slack: number;
}

const DAYS = 400;

/** Each request goes to a shard by chance, as those of different numbers do. */
export function divideBudget(quota: number, shards: number, chance: Chance): Divided {
  const part = quota / shards;
  const days = Array.from({ length: DAYS }, () => liveADay({ quota, shards, part }, chance));
  const sorted = (of: (day: Day) => number) => days.map(of).toSorted((left, right) => left - right);
  const at = (values: readonly number[], share: number) => values[Math.floor(share * DAYS)] ?? 0;
  return {
    firstRefusal:
      at(
        sorted(({ usedAtRefusal }) => usedAtRefusal),
        0.5,
      ) / quota,
    firstRefusalAtWorst:
      at(
        sorted(({ usedAtRefusal }) => usedAtRefusal),
        0.01,
      ) / quota,
    refused: days.reduce((sum, { refused }) => sum + refused, 0) / DAYS / quota,
    slack:
      at(
        sorted(({ fullest }) => fullest),
        0.99,
      ) /
        part -
      1,
  };
}

interface Day {
  readonly usedAtRefusal: number;
  readonly refused: number;
  /** Of the fullest shard. */
  readonly fullest: number;
}

function liveADay(
  { quota, shards, part }: { readonly quota: number; readonly shards: number; readonly part: number },
  chance: Chance,
): Day {
  const counts = new Uint32Array(shards);
  let usedAtRefusal = quota;
  let refused = 0;
  for (let asked = 0; asked < quota; asked += 1) {
    const shard = chance.below(shards);
    counts[shard] = (counts[shard] ?? 0) + 1;
    if ((counts[shard] ?? 0) <= part) continue;
    if (refused === 0) usedAtRefusal = asked;
    refused += 1;
  }
  return { usedAtRefusal, refused, fullest: Math.max(...counts) };
}
