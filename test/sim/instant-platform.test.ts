import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedBackend } from "../../src/local/redis/backend.ts";
import type { Engine, Reply } from "../../src/local/redis/engine.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import { createIdentity } from "../../src/identity.ts";
import { createSeal } from "../../src/tokens/seal.ts";
import { bytesOf, sequence } from "../harness/random.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";
import { createChance } from "./chance.ts";
import { installInstantPlatform } from "./instant-platform.ts";
import { phoneIn } from "./numbers.ts";
import type { Service } from "./service.ts";
import { createService } from "./service.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { createVirtualTime } from "./virtual-time.ts";
import { HOUR, SECOND, WORLD } from "./world.ts";

interface Transaction {
  readonly now: number;
  readonly commands: readonly (readonly string[])[];
  readonly replies: readonly Reply[];
}

describe("a transaction in process", () => {
  let upstreams: Upstreams;
  const clock = { now: 0 };
  beforeAll(async () => {
    upstreams = await startUpstreams(embeddedBackend(createEngine({ now: () => clock.now })));
  });
  afterAll(() => upstreams.close());

  it("is answered as it is over the wire", async () => {
    const transactions = await recordSignIns();
    const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = upstreams.bindings;
    const headers = { authorization: `Bearer ${token}` };
    for (const { now, commands, replies } of transactions) {
      clock.now = now;
      const init = { method: "POST", headers, body: JSON.stringify(commands) };
      expect(await (await fetch(`${url}/multi-exec`, init)).json()).toEqual(replies);
    }
    const names = new Set(transactions.flatMap(({ commands }) => commands.map(([name]) => name)));
    expect(names.size).toBeGreaterThan(15);
  });
});

describe("cryptography at once", () => {
  it("computes what WebCrypto computes", async () => {
    const computed = async () => {
      const identity = await createIdentity(bytesOf("a secret of thirty-two bytes, or so"));
      const seal = await createSeal(bytesOf("a secret of thirty-two bytes, or so"), (length) =>
        Uint8Array.from(sequence(1)(length)),
      );
      const subject = await identity.subject("customer", "+919876543210");
      return [subject, await seal.seal("place", { phone: "+919876543210" })];
    };
    const real = await computed();
    const putBack = installInstantPlatform(createEngine(), () => ({ requests: 0, commands: 0 }));
    const instant = await computed().finally(putBack);
    expect(instant).toEqual(real);
  });
});

/** All that the service asks its store in an hour of guesses right and wrong, resends, a pumped prefix and a hold on it. */
async function recordSignIns(): Promise<readonly Transaction[]> {
  const transactions: Transaction[] = [];
  const time = createVirtualTime(WORLD.startsAt);
  const inner = createEngine({ now: () => time.now });
  const engine: Engine = {
    run(commands) {
      const replies = inner.run(commands);
      transactions.push({ now: time.now, commands, replies: JSON.parse(JSON.stringify(replies)) as Reply[] });
      return replies;
    },
  };
  const chance = createChance("recorded");
  const service = await createService({ engine, time, chance, policy: { guard: "enforce" } });
  try {
    time.start(() => signInTwice(service, time));
    time.start(() => pump(service, time));
    await time.runUntil(WORLD.startsAt + HOUR);
  } finally {
    service.close();
  }
  return transactions;
}

const range = { country: "IN", national: "987654" } as const;

async function signInTwice(service: Service, time: VirtualTime): Promise<void> {
  const caller = {
    phone: phoneIn(range, 1),
    role: "customer",
    from: { address: "203.0.113.1", operator: "home" },
  } as const;
  for (const isProven of [false, true]) {
    await service.send({ ...caller, isProven });
    await service.send({ ...caller, isProven });
    await time.sleep(160 * SECOND);
    const { result, code } = await service.send({ ...caller, isProven });
    const challengeId = result.ok ? result.challengeId : null;
    await service.verify({ ...caller, guess: "000000", challengeId });
    await service.verify({ ...caller, guess: "000001", challengeId: null });
    await service.verify({ ...caller, guess: code ?? "", challengeId });
  }
}

async function pump(service: Service, time: VirtualTime): Promise<void> {
  for (let index = 100; index < 125; index += 1) {
    await time.sleep(20 * SECOND);
    const from = { address: `198.51.100.${index}`, operator: "bots" };
    await service.send({ phone: phoneIn(range, index), role: "customer", from, isProven: false });
  }
}
