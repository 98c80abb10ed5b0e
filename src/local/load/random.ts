/** Chance that a seed decides. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** By shares, which need not add up to anything. */
  pickByShare<Item extends { readonly share: number }>(items: readonly [Item, ...Item[]]): Item;
  /** Around the median, never below 0, now and then much more, as people and networks are. */
  aroundMs(medianMs: number): number;
  /** Between two arrivals of a crowd that knows nothing of each other. */
  untilNextMs(ratePerSecond: number): number;
}

const SPREAD = 0.5;

/** The same seed gives the same chance on every machine (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    pick: (items) => items[below(items.length)] ?? items[0],
    pickByShare(items) {
      const all = items.reduce((sum, { share }) => sum + share, 0);
      let left = next() * all;
      return items.find(({ share }) => (left -= share) < 0) ?? items[0];
    },
    aroundMs(medianMs) {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
      return Math.round(medianMs * Math.exp(SPREAD * normal));
    },
    untilNextMs: (ratePerSecond) => (-Math.log(1 - next()) * 1000) / ratePerSecond,
  };
}
