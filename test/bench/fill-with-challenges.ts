import { randomBytes } from "node:crypto";
import { Redis } from "ioredis";

const BATCH = 5000;

/**
 * Fills a Redis with what `send` leaves of a person in it, so many times over, each under names of their own; the bytes
 * that one of them takes of its memory.
 */
export async function fillWithChallenges(
  url: string,
  live: number,
  send: () => Promise<void>,
): Promise<number> {
  const left = await connected(url, (redis) => traceOf(redis, send));
  // The first use of a command takes memory for its statistics.
  await connected(url, (redis) => copy(redis, left, 1));
  const before = await connected(url, usedMemory);
  await connected(url, async (redis) => {
    for (let made = 0; made < live; made += BATCH) await copy(redis, left, Math.min(BATCH, live - made));
  });
  // By a connection of its own, whose buffers are as small as those of the first.
  return ((await connected(url, usedMemory)) - before) / live;
}

/** What is kept of one number alone, by the kinds of their keys. */
const KINDS = ["otp", "log"] as const;

interface Left {
  readonly kind: string;
  readonly ttlMs: number;
  readonly dump: Buffer;
}

async function traceOf(redis: Redis, send: () => Promise<void>): Promise<readonly Left[]> {
  const keysOf = (kind: string) => redis.keys(`${kind}:*`);
  const known = new Set((await Promise.all(KINDS.map(keysOf))).flat());
  await send();
  return Promise.all(
    KINDS.map(async (kind) => {
      const key = (await keysOf(kind)).find((one) => !known.has(one));
      if (key === undefined) throw new Error(`A send leaves no ${kind}`);
      return { kind, ttlMs: await redis.pttl(key), dump: await redis.dumpBuffer(key) };
    }),
  );
}

async function copy(redis: Redis, left: readonly Left[], times: number): Promise<void> {
  const batch = redis.pipeline();
  for (let index = 0; index < times; index += 1) {
    const name = randomBytes(18).toString("base64url");
    for (const { kind, ttlMs, dump } of left) batch.restore(`${kind}:${name}`, ttlMs, dump);
  }
  await batch.exec();
}

async function connected<Answer>(url: string, ask: (redis: Redis) => Promise<Answer>): Promise<Answer> {
  const redis = new Redis(url, { protocol: 2 });
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

async function usedMemory(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
}
