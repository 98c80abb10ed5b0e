import { describe, expect, it } from "vitest";
import { warmth } from "./placement/model.ts";
import { CITIES, kilometresBetween } from "./placement/places.ts";
import { medianError, roundTripMs } from "./placement/round-trip.ts";
import { simulate } from "./placement/simulate.ts";

const [mumbai, delhi] = CITIES;
const EVERY_DAY = 10_000;

function everybody(perDay: number, seed?: number) {
  const all = simulate(perDay, seed).at(-1);
  const [edge, beside, farEdge, farBeside] = all?.latencies ?? [];
  if (!edge || !beside || !farEdge || !farBeside) throw new Error("a layout is missing");
  return { edge, beside, farEdge, farBeside };
}

describe("the model of distances", () => {
  it("knows how far it is", () => {
    expect(kilometresBetween(mumbai, delhi)).toBeCloseTo(1150, -2);
    expect(kilometresBetween(mumbai, mumbai)).toBe(0);
    expect(CITIES.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it("is near what others have measured, and never faster than light in glass", () => {
    expect(medianError()).toBeLessThan(0.15);
    for (const city of CITIES)
      expect(roundTripMs(mumbai, city)).toBeGreaterThan((2 * kilometresBetween(mumbai, city)) / 200);
  });

  it("finds a busy place's connections open and a quiet one's closed", () => {
    expect([warmth(0), warmth(1e7)]).toEqual([0, 1]);
    expect(warmth(1440)).toBeCloseTo(1 - 1 / Math.E, 6);
  });
});

describe("the simulation of placement", () => {
  it("gives the same numbers for the same seed, and nearly the same for another", () => {
    expect(simulate(EVERY_DAY, 7)).toEqual(simulate(EVERY_DAY, 7));
    const [one, other] = [everybody(EVERY_DAY, 7), everybody(EVERY_DAY, 8)];
    expect(Math.abs(one.edge.send / other.edge.send - 1)).toBeLessThan(0.1);
  });

  it.each([1000, EVERY_DAY, 1_000_000])(
    "at %i sign-ins a day puts the Worker beside Redis, and Redis where the people are",
    (perDay) => {
      const { edge, beside, farEdge, farBeside } = everybody(perDay);
      expect(beside.send).toBeLessThan(edge.send);
      expect(beside.verify).toBeLessThan(edge.verify * 1.1);
      for (const far of [farEdge, farBeside]) {
        expect(far.send).toBeGreaterThan(1.5 * beside.send);
        expect(far.verify).toBeGreaterThan(2 * beside.verify);
      }
    },
  );
});
