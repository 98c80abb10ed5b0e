import { shardOf } from "./rendezvous.ts";

/** Blocks of 10,000 numbers: India has over a billion mobile numbers. The more, the evener. */
const PREFIXES = 100_000;
/** Numbers of a busy hour. */
const NUMBERS = 200_000;

/** How much more than the mean the busiest shard gets, where numbers are spread by their prefix: 1 is even. */
export function skewByPrefix(shards: number): number {
  // As test/sim/numbers.ts picks them: the density falls with the square root of the rank.
  const share = (rank: number) => Math.sqrt((rank + 1) / PREFIXES) - Math.sqrt(rank / PREFIXES);
  return skewOf(
    Array.from({ length: PREFIXES }, (_, rank) => [`prefix ${rank}`, share(rank)]),
    shards,
  );
}

/** The same where each number goes by itself. */
export function skewByNumber(shards: number): number {
  return skewOf(
    Array.from({ length: NUMBERS }, (_, index) => [`number ${index}`, 1 / NUMBERS]),
    shards,
  );
}

function skewOf(names: readonly (readonly [string, number])[], shards: number): number {
  const dbs = Array.from({ length: shards }, (_, index) => `db${index}`);
  const loads = new Map(dbs.map((db) => [db, 0]));
  for (const [name, share] of names) {
    const db = shardOf(name, dbs);
    loads.set(db, (loads.get(db) ?? 0) + share);
  }
  return Math.max(...loads.values()) * shards;
}
