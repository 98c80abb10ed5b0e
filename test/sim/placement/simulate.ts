import type { City } from "./places.ts";
import { CITIES } from "./places.ts";
import type { Latency, Layout, Traffic } from "./model.ts";
import { createSignIn, LAYOUTS } from "./model.ts";

export interface Row {
  readonly name: string;
  /** The medians in ms, one a layout. */
  readonly latencies: readonly Latency[];
}

const PEOPLE = 1001;

/** A row a city, and one for all people in the proportion in which they sign in. The same numbers for the same seed. */
export function simulate(signInsPerDay: number, seed = 1): readonly Row[] {
  const traffic = { signInsPerDay, chance: createChance(seed) };
  const people = LAYOUTS.map((layout) => CITIES.map((city) => crowd(city, layout, traffic)));
  const rows = CITIES.map(({ name }, at) => ({
    name,
    latencies: people.map((cities) => medianOf(cities[at] ?? [])),
  }));
  const everybody = people.map((cities) =>
    medianOf(cities.flatMap((some, at) => some.slice(0, Math.round(PEOPLE * (CITIES[at]?.share ?? 0))))),
  );
  return [...rows, { name: "everybody", latencies: everybody }];
}

const crowd = (city: City, layout: Layout, traffic: Traffic): readonly Latency[] =>
  Array.from({ length: PEOPLE }, createSignIn(city, layout, traffic));

function medianOf(latencies: readonly Latency[]): Latency {
  const middle = (of: keyof Latency): number =>
    latencies.map((latency) => latency[of]).toSorted((left, right) => left - right)[
      Math.floor(latencies.length / 2)
    ] ?? 0;
  return { send: middle("send"), verify: middle("verify") };
}

/** Numbers from 0 to 1 that look random (mulberry32). */
function createChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
