import { ttl } from "../../../src/store/keys.ts";
import type { Soaked } from "./soak.ts";
import { LIFETIMES } from "./soak.ts";
import type { Sample } from "./samples.ts";
import { quartersOf } from "./samples.ts";

const MIB = 2 ** 20;

/** In bytes, from the second quarter to the last. */
const MOST_GROWTH = {
  // What is on its way at a moment is in it. In ten minutes a leak of forty bytes a request is more.
  live: 4 * MIB,
  // Between two collections V8 takes from 20 to 80 MiB, as the load of the moment has it, and gives them back later.
  resident: 32 * MIB,
} as const satisfies Partial<Record<keyof Sample, number>>;

/** Of Redis, for each sign-in, in bytes: what is kept for a day and longer, and in a short soak sessions of four minutes. */
const MOST_STORED_EACH = 3072;

/** What is said of each kind of key, in seconds. */
const LONGEST_TTL: Readonly<Record<string, number>> = {
  otp: ttl.code(LIFETIMES.codeLifetimeSeconds),
  guess: ttl.code(LIFETIMES.codeLifetimeSeconds),
  log: ttl.log,
  ip: ttl.count,
  day: ttl.budget,
  pfx: ttl.watch,
  cty: ttl.window,
  hold: ttl.hold,
  net: ttl.known,
  user: ttl.user,
  session: ttl.ended,
  sessions: LIFETIMES.longestSessionSeconds,
};

/** Every promise that was broken, a sentence each. */
export function judgeSoak(soaked: Soaked): readonly string[] {
  const { failures, samples, load } = soaked;
  const storedEach = growthOf(samples.map(({ stored }) => stored)) / (load.started / 2);
  return [
    ...failures.entries().map(([sentence, count]) => `${sentence}, ${count} times`),
    ...(["live", "resident"] as const)
      .map((key) => ({ key, grown: growthOf(samples.map((sample) => sample[key])) }))
      .filter(({ key, grown }) => !(grown <= MOST_GROWTH[key]))
      .map(({ key, grown }) => `${key} memory grew by ${(grown / MIB).toFixed(1)} MiB`),
    ...(storedEach <= MOST_STORED_EACH ? [] : [`each sign-in keeps ${storedEach.toFixed(0)} bytes of Redis`]),
    ...soaked.kinds
      .filter(({ kind, longestTtlSeconds }) => !(longestTtlSeconds <= (LONGEST_TTL[kind] ?? 0)))
      .map(({ kind, longestTtlSeconds }) => `a key ${kind} lives for ${longestTtlSeconds} s`),
  ];
}

function growthOf(values: readonly number[]): number {
  const { second, last } = quartersOf(values);
  return last - second;
}
