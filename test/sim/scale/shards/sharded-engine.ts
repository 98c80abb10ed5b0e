import type { Engine } from "../../../../src/local/redis/engine.ts";
import { createEngine } from "../../../../src/local/redis/engine.ts";
import { keysOf, ownerOf } from "../../../store/key-owner.ts";
import { shardOf } from "./rendezvous.ts";

/** How numbers are spread over databases, with their subjects: by themselves, or by their prefix. */
export interface Sharding {
  readonly count: number;
  readonly by: "number" | "prefix";
}

/**
 * Several engines that look like one, each with counters of its own. A transaction runs where its number is, and one
 * of shared keys alone where those were touched last: that is where a router that knew the number would send it. A
 * subject's first transaction is a send, which names the number, and the prefix where the guard is on.
 */
export function createShardedEngine(now: () => number, { count, by }: Sharding): Engine {
  const names = Array.from({ length: count }, (_, index) => `db${index}`);
  const engines = new Map(names.map((name) => [name, createEngine({ now })]));
  const homes = new Map<string, string>();
  const touchedLast = new Map<string, string>();

  function shardFor(keys: readonly string[]): string {
    const owners = keys.map(ownerOf);
    const phone = owners.find((owner) => "phone" in owner)?.phone;
    const subject = owners.find((owner) => "subject" in owner)?.subject;
    const [name, ...others] = [phone, subject].filter((one) => one !== undefined);
    if (name === undefined) {
      const last = keys.map((key) => touchedLast.get(key)).find((home) => home !== undefined);
      return last ?? shardOf("", names);
    }
    const prefix = by === "number" ? undefined : keys.find((key) => key.startsWith("pfx:"))?.split(":")[1];
    const home = homes.get(name) ?? shardOf(prefix ?? name, names);
    for (const one of [name, ...others]) homes.set(one, home);
    for (const key of keys) touchedLast.set(key, home);
    return home;
  }

  return {
    run(commands) {
      // What names no key is housekeeping.
      if (commands.some(([name]) => name === "RANDOMKEY"))
        return [...engines.values()].flatMap((engine) => engine.run(commands)).slice(0, commands.length);
      const engine = engines.get(shardFor(commands.flatMap(keysOf)));
      if (engine === undefined) throw new Error("no such shard");
      return engine.run(commands);
    },
  };
}
