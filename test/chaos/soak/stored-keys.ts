import type { Redis } from "ioredis";

/** The keys of one kind, such as `otp`. */
export interface KeysOfKind {
  readonly kind: string;
  readonly count: number;
  /** Of the one that lives longest, in seconds; infinite for a key without TTL. */
  readonly longestTtlSeconds: number;
}

const BATCH = 1000;

export async function listKinds(redis: Redis): Promise<readonly KeysOfKind[]> {
  const kinds = new Map<string, KeysOfKind>();
  for await (const keys of redis.scanStream({ count: BATCH }) as AsyncIterable<string[]>) {
    const ttls = await Promise.all(keys.map((key) => redis.pttl(key)));
    for (const [index, key] of keys.entries()) {
      const ttl = ttls[index] ?? GONE;
      if (ttl === GONE) continue;
      const kind = key.split(":")[0] ?? key;
      const known = kinds.get(kind) ?? { kind, count: 0, longestTtlSeconds: 0 };
      const longestTtlSeconds = Math.max(known.longestTtlSeconds, ttl === NO_TTL ? Infinity : ttl / 1000);
      kinds.set(kind, { kind, count: known.count + 1, longestTtlSeconds });
    }
  }
  return [...kinds.values()].toSorted((a, b) => b.count - a.count);
}

const NO_TTL = -1;
const GONE = -2;
