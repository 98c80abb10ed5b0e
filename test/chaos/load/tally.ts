/** Counts things by what they are called. */
export interface Tally {
  add(name: string): void;
  /** The most first. */
  entries(): readonly (readonly [name: string, count: number])[];
  readonly total: number;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    entries: () => [...counts].sort(([, a], [, b]) => b - a),
    get total() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
  };
}
