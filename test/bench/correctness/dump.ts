import { Redis } from "ioredis";
import type { Stage } from "./stage.ts";

export const PEOPLE = 10;

export interface DumpFindings {
  /** Of `PEOPLE` people with a live code, for how many whoever reads Redis finds the code, and the number, in clear. */
  readonly codes: number;
  readonly phones: number;
  /** Keys that never go away, with codes alive, and after all have signed in. */
  readonly keysWithoutTtl: number;
}

/** What a copy of Redis tells. It is the store's only user that is asked, so take it before anything else. */
export async function measureDump(stage: Stage): Promise<DumpFindings> {
  const redis = new Redis(stage.redisUrl);
  try {
    const held = [];
    for (let person = 0; person < PEOPLE; person += 1) held.push(await stage.obtainCode());
    const alive = await dump(redis);
    for (const person of held) await stage.verify(person);
    const used = await dump(redis);
    return {
      codes: held.filter(({ code }) => alive.text.includes(code)).length,
      phones: held.filter(({ phone }) => alive.text.includes(phone.slice(-10))).length,
      keysWithoutTtl: new Set([...alive.withoutTtl, ...used.withoutTtl]).size,
    };
  } finally {
    redis.disconnect();
  }
}

async function dump(redis: Redis): Promise<{ text: string; withoutTtl: readonly string[] }> {
  const withoutTtl: string[] = [];
  const lines: string[] = [];
  for (const key of await redis.keys("*")) {
    if ((await redis.ttl(key)) === -1) withoutTtl.push(key);
    lines.push(key, JSON.stringify(await read(redis, key)));
  }
  return { text: lines.join("\n"), withoutTtl };
}

async function read(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  switch (type) {
    case "string":
      return redis.get(key);
    case "hash":
      return redis.hgetall(key);
    case "zset":
      return redis.zrange(key, "0", "-1", "WITHSCORES");
    default:
      throw new Error(`a key of type ${type}, which nothing here reads`);
  }
}
