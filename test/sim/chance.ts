/** Randomness that is the same for the same seed. Each actor has its own, so that nobody's luck depends on others. */
export interface Chance {
  /** In [0, 1). */
  unit(): number;
  /** A whole number in [0, limit). */
  below(limit: number): number;
  happens(probability: number): boolean;
  exponential(mean: number): number;
  logNormal(of: LogNormal): number;
  pick<T>(choices: readonly T[]): T;
  /** A choice by its weight. */
  weighted<T extends { readonly weight: number }>(choices: readonly T[]): T;
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** Half of all are below the median; one in six is above `median * e^sigma`. */
export interface LogNormal {
  readonly median: number;
  readonly sigma: number;
}

export function createChance(seed: string): Chance {
  const next = generator(seed);
  const unit = () => next() / 2 ** 32;
  const below = (limit: number) => Math.floor(unit() * limit);

  return {
    unit,
    below,
    happens: (probability) => unit() < probability,
    exponential: (mean) => -mean * Math.log(1 - unit()),
    logNormal({ median, sigma }) {
      const normal = Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
      return median * Math.exp(sigma * normal);
    },
    pick: (choices) => required(choices[below(choices.length)]),
    weighted(choices) {
      let left = unit() * choices.reduce((sum, { weight }) => sum + weight, 0);
      const found = choices.find(({ weight }) => (left -= weight) < 0);
      return required(found ?? choices.at(-1));
    },
    bytes: (length) => Uint8Array.from({ length }, () => next() & 0xff),
  };
}

/** sfc32 (PractRand), from a hash of the seed. 32 bits a call. */
function generator(seed: string): () => number {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1];
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (const char of seed) {
    a ^= char.codePointAt(0) ?? 0;
    next();
  }
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("nothing to choose from");
  return value;
}
