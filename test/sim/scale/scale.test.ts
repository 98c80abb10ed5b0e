import { beforeAll, describe, expect, it } from "vitest";
import { ceilingsOf } from "./ceilings.ts";
import { platformCosts, smsCost, sumOf, twilioCost } from "./cost.ts";
import { databasesFor, limitsMet } from "./databases.ts";
import { LIMITS, PUBLISH_PER_SECOND } from "./limits.ts";
import type { Load } from "./load.ts";
import { loadOf } from "./load.ts";
import { LOCATIONS } from "./locations.ts";
import type { Measured } from "./measured.ts";
import { measure } from "./measured.ts";
import { DAYS_A_MONTH, PEAK, SIGN_IN } from "./mix.ts";
import { AUDIENCES } from "./prices.ts";
import type { Scenario } from "./scenario.ts";
import { simulate } from "./simulate.ts";
import { demandTable } from "./tables/demand.ts";

let measured: Measured;
beforeAll(async () => {
  measured = await measure();
});

describe("the demand of a request", () => {
  it("is what the README says of a first send, a verify and a refresh", () => {
    const each = Object.fromEntries([...measured.demands].map(([name, demand]) => [name, demand.each]));
    expect(each).toMatchObject({
      "first send": [21],
      "verify, right, with id": [19],
      "verify, wrong, with id": [19],
      "verify, right, without id": [5, 20],
      "verify, wrong, without id": [5, 20],
      "refresh, keep": [3],
      "refresh, rotate": [4],
    });
  });

  it("has nothing in it that a read region could answer", () => {
    for (const { transactions, writing } of measured.demands.values()) expect(writing).toBe(transactions);
  });

  it("adds up by how often each request comes", () => {
    const load = loadOf(
      new Map([["first send", 2] as const, ["refresh, keep", 10] as const]),
      measured.demands,
    );
    expect(load).toMatchObject({ requests: 12, transactions: 12, commands: 2 * 21 + 10 * 3, publishes: 2 });
  });

  it("is told in a table, with its sums", () => {
    expect(demandTable(measured)).toContain("| **a sign-in** | 2.23 | 48.7 |");
  });
});

const load: Load = { requests: 2, transactions: 3, commands: 50, bytes: 1000, writing: 3, publishes: 1 };
const stored = [
  { kind: "session", bytes: 100, seconds: 30 * 86_400 },
  { kind: "otp", bytes: 864, seconds: 600 },
];

describe("the limits", () => {
  it("are met in the order of the rates at which they are", () => {
    const rates = Object.fromEntries(ceilingsOf(load, stored).map(({ short, rate }) => [short, rate]));
    expect(Object.keys(rates)).toEqual([
      "spend",
      "free plan",
      "smsPerDay",
      "SMS",
      "commands",
      "data",
      "Publish",
    ]);
    expect(rates).toMatchObject({ SMS: 20, commands: 200, Publish: 1800 });
    expect(rates["free plan"]).toBeCloseTo((100_000 * PEAK) / (2 * 86_400), 6);
    expect(rates["spend"]).toBeCloseTo(PEAK / (0.004 * DAYS_A_MONTH * 86_400), 9);
    expect(rates["data"]).toBeCloseTo((100e9 * PEAK) / (86_400 * (100 * 60 + 6)), 6);
  });

  it("are named at a rate, but for those of the first day", () => {
    expect(limitsMet(19, load, stored)).toEqual([]);
    expect(limitsMet(200, load, stored)).toEqual(["SMS", "commands"]);
  });

  it("want a database more as soon as one would be fuller than the headroom allows", () => {
    expect([140, 141, 280, 281].map((rate) => databasesFor(rate, load, []))).toEqual([1, 2, 2, 3]);
  });
});

describe("the costs of a million sign-ins", () => {
  it("are units times price, item by item", () => {
    const costs = Object.fromEntries(
      platformCosts(load, stored).map(({ name, dollars }) => [name, Number(dollars.toPrecision(4))]),
    );
    expect(costs).toEqual({
      "Workers requests": 0.6,
      "Workers CPU time": 0.4,
      "Workers Logs": 2.4,
      "Analytics Engine points": 0.5,
      "Upstash commands, pay as you go": 100,
      "Upstash bandwidth": 0.03,
      "Upstash storage": 0.05005,
    });
    expect(sumOf(platformCosts(load, stored))).toBeCloseTo(103.98, 2);
  });

  it("are mostly SMS, by the country that they go to, beside what Twilio Verify takes", () => {
    expect(smsCost(load, AUDIENCES.India)).toBeCloseTo(4000, 6);
    expect(smsCost(load, { IN: 0.5, GB: 0.5 })).toBeCloseTo(27_000, 6);
    expect(twilioCost(load, AUDIENCES.India)).toBeCloseTo(133_200, 6);
    expect(twilioCost(load, AUDIENCES["the mix"])).toBeNull();
  });
});

describe("the simulation of waits", () => {
  const india: Scenario = { audience: "India", primary: "ap-south-1", sns: ["ap-south-1", "ap-south-2"] };
  const run = (rate: number, changes: { seed?: string; publishes?: number } = {}, scenario = india) =>
    simulate(
      scenario,
      {
        mix: SIGN_IN,
        rate,
        commandsPerSecond: LIMITS.commands.value,
        publishesPerSecond: (region) => changes.publishes ?? PUBLISH_PER_SECOND[region],
        requests: 6000,
        seed: changes.seed ?? "1",
      },
      measured.demands,
    );

  it("is the same for the same seed, and nearly the same for another", () => {
    expect(run(10)).toEqual(run(10));
    const [one, other] = [run(10), run(10, { seed: "2" })];
    expect(one).not.toEqual(other);
    expect(Math.abs(one.send.p50 / other.send.p50 - 1)).toBeLessThan(0.02);
  });

  it("has next to no queue in a quiet database, and a long one in a full one", () => {
    const [quiet, half, full] = [run(1), run(100), run(204)];
    expect(quiet.busy).toBeCloseTo(0.005, 3);
    expect(half.busy).toBeGreaterThan(0.45);
    expect(half.verify.p99 - quiet.verify.p99).toBeLessThan(20);
    expect(full.verify.p99).toBeGreaterThan(2 * quiet.verify.p99);
  });

  it("fails nearly everybody once a database is asked for more than it can do", () => {
    expect([run(130), run(190)].map(({ verify }) => verify.failed)).toEqual([0, 0]);
    expect(run(410).verify.failed).toBeGreaterThan(0.8);
  });

  it("takes the second region where the first has had enough, and fails a send where both have", () => {
    const [enough, little] = [run(40), run(40, { publishes: 10 })];
    expect(enough.send.failed).toBe(0);
    expect(little.send.failed).toBeGreaterThan(0.4);
    expect(little.send.failed).toBeLessThan(0.7);
    expect(little.verify.failed).toBe(0);
  });

  it("makes those wait longer who are far from the primary", () => {
    const far = run(10, {}, { ...india, primary: "us-east-1" });
    expect(far.verify.p50).toBeGreaterThan(run(10).verify.p50 + 100);
    const world = { ...india, audience: "the world" } as const;
    expect(run(10, {}, world).verify.p50).toBeGreaterThan(run(10).verify.p50 + 30);
  });
});

describe("the locations", () => {
  it("are three hundred, each with a place and people", () => {
    expect(new Set(LOCATIONS.map(({ name }) => name)).size).toBe(300);
    for (const { at, people, country } of LOCATIONS) {
      expect(Math.abs(at[0])).toBeLessThanOrEqual(90);
      expect(Math.abs(at[1])).toBeLessThanOrEqual(180);
      expect(people).toBeGreaterThan(0);
      expect(country).toMatch(/^[A-Z]{2}$/);
    }
  });
});
