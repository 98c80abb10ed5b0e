import type { Attempt, Circuit } from "./circuit.ts";
import { afterBegin, afterEnd, attemptOf, CLOSED, stateOf } from "./circuit.ts";

/** The circuits of one isolate, by region. It orders regions, and never refuses a send by itself. */
export interface Breaker {
  /** Which to try next of those that are left, and which stand before it that are passed over. */
  readonly begin: (left: readonly string[]) => Begun | null;
  readonly end: (begun: Begun, failed: boolean) => void;
  readonly states: (regions: readonly string[]) => Readonly<Record<string, Circuit["kind"]>>;
}

export interface Begun {
  readonly region: string;
  readonly attempt: Attempt;
  readonly passed: readonly string[];
}

export function createBreaker(now: () => number): Breaker {
  const circuits = new Map<string, Circuit>();
  const circuitOf = (region: string) => circuits.get(region) ?? CLOSED;

  return {
    begin(left) {
      const attempts = left.map((region) => attemptOf(circuitOf(region), now()));
      const usable = attempts.findIndex((attempt) => attempt !== "last_resort");
      const index = Math.max(0, usable);
      const [region, attempt] = [left[index], attempts[index]];
      if (region === undefined || attempt === undefined) return null;
      circuits.set(region, afterBegin(circuitOf(region), attempt, now()));
      return { region, attempt, passed: left.slice(0, index) };
    },
    end({ region, attempt }, failed) {
      circuits.set(region, afterEnd(circuitOf(region), { attempt, failed }, now()));
    },
    states: (regions) =>
      Object.fromEntries(regions.map((region) => [region, stateOf(circuitOf(region), now())])),
  };
}
