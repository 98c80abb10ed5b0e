import type { Check } from "../examine.ts";
import type { StoreRest } from "../store-rest.ts";

const WHERE =
  'Look at "Eviction" in the configuration of the database in the Upstash console: it has to be off.';

/** Whether the database throws keys away when it is full, as far as it tells. */
export function evictionCheck(store: StoreRest): Check {
  return {
    id: "store.eviction",
    needs: ["store.token"],
    async run(says) {
      const policy = (await policyOfConfig(store)) ?? (await policyOfInfo(store));
      if (policy === null) return says.skipped("The store does not tell its eviction policy.", WHERE);
      if (policy === "noeviction")
        return says.ok("Eviction is off: a full database refuses, and loses nothing.");
      return says.fail(
        `Eviction is on (${policy}): a full database would lose codes, limits and sessions without a word.`,
        WHERE,
      );
    },
  };
}

async function policyOfConfig(store: StoreRest): Promise<string | null> {
  const result = await only(store, ["CONFIG", "GET", "maxmemory-policy"]);
  if (Array.isArray(result)) return policyIn(result[1]);
  if (typeof result !== "object" || result === null) return null;
  return "maxmemory-policy" in result ? policyIn(result["maxmemory-policy"]) : null;
}

async function policyOfInfo(store: StoreRest): Promise<string | null> {
  const result = await only(store, ["INFO", "memory"]);
  return typeof result === "string" ? policyIn(/^maxmemory_policy:(\S+)/m.exec(result)?.[1]) : null;
}

async function only(store: StoreRest, command: readonly string[]): Promise<unknown> {
  const answer = await store.run([command]);
  const [reply] = answer.kind === "replies" ? answer.replies : [];
  return reply !== undefined && "result" in reply ? reply.result : null;
}

/** A name, and nothing that only looks like one. */
const policyIn = (text: unknown): string | null =>
  typeof text === "string" && /^[a-z]+(-[a-z]+)?$/.test(text) ? text : null;
