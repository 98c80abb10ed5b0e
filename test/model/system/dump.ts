import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import type { Reply } from "../../../src/local/redis/engine.ts";

export interface Kept {
  /** As JSON. */
  readonly value: string;
  /** Milliseconds; below zero without one. */
  readonly ttlMs: number;
}

/** All that a store holds. */
export type Dump = ReadonlyMap<string, Kept>;

/** Reads everything. */
export async function dumpStore(backend: RedisBackend): Promise<Dump> {
  const found = resultOf(await backend.single(["KEYS", "*"]));
  const keys = (Array.isArray(found) ? found.map(String) : []).toSorted();
  if (keys.length === 0) return new Map();
  const commands = keys.flatMap((key) => [readOf(key), ["PTTL", key]]);
  const replies = await backend.transaction(commands);
  if (!Array.isArray(replies)) throw new Error(replies.error);
  return new Map(
    keys.map((key, index) => {
      const value = JSON.stringify(resultOf(replies[2 * index]));
      return [key, { value, ttlMs: Number(resultOf(replies[2 * index + 1])) }];
    }),
  );
}

const READERS: Readonly<Record<string, (key: string) => string[]>> = {
  otp: (key) => ["HGETALL", key],
  sent: (key) => ["HGETALL", key],
  session: (key) => ["HGETALL", key],
  day: (key) => ["HGETALL", key],
  guess: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  log: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  pfx: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  user: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
  sessions: (key) => ["ZRANGE", key, "0", "-1", "WITHSCORES"],
};

/** By the kinds of keys of src/store/keys.ts. */
function readOf(key: string): string[] {
  const reader = READERS[key.split(":")[0] ?? ""];
  if (reader !== undefined) return reader(key);
  return key.includes(":won:") ? ["PFCOUNT", key] : ["GET", key];
}

function resultOf(reply: Reply | undefined): unknown {
  if (reply === undefined || "error" in reply) throw new Error(reply?.error ?? "no reply");
  return reply.result;
}
