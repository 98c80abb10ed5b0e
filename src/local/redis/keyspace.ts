import type { SortedScores } from "./sorted-scores.ts";

/** A HyperLogLog is an exact set here: its counts are never off, and it is no string to GET. */
export type Stored =
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "hash"; readonly fields: Map<string, string> }
  | { readonly type: "zset"; readonly scores: SortedScores }
  | { readonly type: "set"; readonly members: Set<string> }
  | { readonly type: "hyperloglog"; readonly members: Set<string> };

/**
 * The one database. Time stands still between two calls of `setClock`, as it does for the commands of one
 * Redis transaction. A key past its time is gone as soon as anybody looks.
 */
export interface Keyspace {
  readonly now: number;
  setClock(now: number): void;
  get(key: string): Stored | null;
  /** Writes the value; the expiry (ms since 1970, null for none) is dropped unless it is handed back in. */
  set(key: string, value: Stored, expiresAt?: number | null): void;
  delete(key: string): boolean;
  expiresAt(key: string): number | null;
  setExpiry(key: string, expiresAt: number | null): void;
  keys(): string[];
  clear(): void;
}

export function createKeyspace(): Keyspace {
  const values = new Map<string, Stored>();
  const expiries = new Map<string, number>();
  let now = 0;

  const remove = (key: string): boolean => {
    expiries.delete(key);
    return values.delete(key);
  };
  const evict = (key: string): void => {
    const expiresAt = expiries.get(key);
    if (expiresAt !== undefined && now > expiresAt) remove(key);
  };

  return {
    get now() {
      return now;
    },
    setClock(time) {
      now = time;
    },
    get(key) {
      evict(key);
      return values.get(key) ?? null;
    },
    set(key, value, expiresAt = null) {
      values.set(key, value);
      if (expiresAt === null) expiries.delete(key);
      else expiries.set(key, expiresAt);
    },
    delete(key) {
      evict(key);
      return remove(key);
    },
    expiresAt(key) {
      evict(key);
      return expiries.get(key) ?? null;
    },
    setExpiry(key, expiresAt) {
      if (expiresAt === null) expiries.delete(key);
      else expiries.set(key, expiresAt);
    },
    keys() {
      for (const key of expiries.keys()) evict(key);
      return [...values.keys()];
    },
    clear() {
      values.clear();
      expiries.clear();
    },
  };
}
