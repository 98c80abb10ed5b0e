import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import type { Leftovers } from "./cell.ts";
import type { Person } from "./person.ts";

/** All keys that name this person's subject or number. */
export async function leftOf({ subject, phoneId }: Person, backend: RedisBackend): Promise<Leftovers> {
  const found = await Promise.all([subject, phoneId].map((id) => keysOf(backend, `*${id}*`)));
  return describe(backend, found.flat());
}

/** All keys of all people, and of nobody. */
export async function allKeys(backend: RedisBackend): Promise<Leftovers> {
  return describe(backend, await keysOf(backend, "*"));
}

async function describe(backend: RedisBackend, names: readonly string[]): Promise<Leftovers> {
  const kinds = new Map<string, number>();
  const withoutTtl: string[] = [];
  for (const name of names) {
    const kind = name.split(":")[0] ?? name;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const ttl = await backend.single(["TTL", name]);
    if ("result" in ttl && ttl.result === -1) withoutTtl.push(name);
  }
  return { kinds, withoutTtl };
}

async function keysOf(backend: RedisBackend, pattern: string): Promise<readonly string[]> {
  const reply = await backend.single(["KEYS", pattern]);
  return "result" in reply && Array.isArray(reply.result) ? reply.result.map(String) : [];
}
