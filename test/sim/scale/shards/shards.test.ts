import { describe, expect, it } from "vitest";
import { createChance } from "../../chance.ts";
import { phoneIn } from "../../numbers.ts";
import { createService } from "../../service.ts";
import { createVirtualTime } from "../../virtual-time.ts";
import { HOUR, SECOND, WORLD } from "../../world.ts";
import { divideBudget } from "./divided-budget.ts";
import { shardOf } from "./rendezvous.ts";
import type { Sharding } from "./sharded-engine.ts";
import { createShardedEngine } from "./sharded-engine.ts";

const names = Array.from({ length: 20_000 }, (_, index) => `number ${index}`);
const four = ["db0", "db1", "db2", "db3"];

describe("a shard by its name", () => {
  it("has its part of all names", () => {
    const counts = four.map((db) => names.filter((name) => shardOf(name, four) === db).length);
    for (const count of counts) expect(Math.abs(count / 5000 - 1)).toBeLessThan(0.05);
  });

  it("that comes fifth takes a fifth, from all others, and moves nothing between those", () => {
    const five = [...four, "db4"];
    const moved = names.filter((name) => shardOf(name, four) !== shardOf(name, five));
    expect(Math.abs(moved.length / 4000 - 1)).toBeLessThan(0.05);
    expect(new Set(moved.map((name) => shardOf(name, five)))).toEqual(new Set(["db4"]));
    expect(new Set(moved.map((name) => shardOf(name, four)))).toEqual(new Set(four));
  });
});

describe("a budget in parts", () => {
  it("is a whole one in one part", () => {
    const whole = { firstRefusal: 1, firstRefusalAtWorst: 1, refused: 0, slack: 0 };
    expect(divideBudget(100, 1, createChance("1"))).toEqual(whole);
  });

  it("refuses the sooner the smaller its parts", () => {
    const [few, many] = [4, 16].map((shards) => divideBudget(1000, shards, createChance("1")));
    expect(few?.firstRefusal).toBeGreaterThan(0.9);
    expect(many?.firstRefusal).toBeLessThan(few?.firstRefusal ?? 0);
    // The fullest of four parts of 250 is some 20 over: one standard deviation is 14.
    expect(few?.slack).toBeGreaterThan(0.08);
    expect(few?.slack).toBeLessThan(0.25);
  });
});

describe("several engines that look like one", () => {
  it("keep a number together with its subjects, and a prefix where it is told to", () => {
    const write = (number: string) => [
      ["SET", `log:${number}`, "1"],
      ["SET", `otp:${number} as a customer`, "2"],
      ["INCR", "pfx:P"],
    ];
    const shared = (by: "number" | "prefix") => {
      const engine = createShardedEngine(() => 0, { count: 16, by });
      for (const number of names.slice(0, 50)) engine.run(write(number));
      for (const number of names.slice(0, 50)) {
        expect(engine.run([["GET", `log:${number}`]])).toEqual([{ result: "1" }]);
        expect(engine.run([["GET", `otp:${number} as a customer`]])).toEqual([{ result: "2" }]);
      }
      return Number(Object.values(engine.run(write("another"))[2] ?? {})[0]);
    };
    expect(shared("prefix")).toBe(51);
    expect(shared("number")).toBeLessThan(20);
  });

  it("hold a pumped prefix as soon as one does where it is together, and late where it is spread", async () => {
    const alone = await pump({ count: 1, by: "prefix" });
    expect(alone).toBeLessThan(20);
    expect(await pump({ count: 16, by: "prefix" })).toBe(alone);
    expect(await pump({ count: 16, by: "number" })).toBeGreaterThan(2 * alone);
  });
});

/** How many of sixty numbers of one prefix get an SMS, one every half a minute, before it is held. */
async function pump(sharding: Sharding): Promise<number> {
  const time = createVirtualTime(WORLD.startsAt);
  const engine = createShardedEngine(() => time.now, sharding);
  const service = await createService({
    engine,
    time,
    chance: createChance("pump"),
    policy: { guard: "enforce", guardSendsPerCountry: 1000 },
  });
  let sent = 0;
  time.start(async () => {
    for (let number = 0; number < 60; number += 1) {
      const from = { address: `198.51.100.${number}`, operator: "bots" };
      const phone = phoneIn({ country: "IN", national: "987654" }, number);
      const { result } = await service.send({ phone, role: "customer", from, isProven: false });
      sent += Number(result.ok);
      await time.sleep(30 * SECOND);
    }
  });
  await time.runUntil(WORLD.startsAt + HOUR).finally(() => service.close());
  return sent;
}
