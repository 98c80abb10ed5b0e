import { describe, expect, it } from "vitest";
import { createBreaker } from "../../src/sms/breaker.ts";

describe("createBreaker", () => {
  function breakerAt(clock: { now: number }) {
    const breaker = createBreaker(() => clock.now);
    const publish = (regions: readonly string[], failed: boolean) => {
      const begun = breaker.begin(regions);
      if (begun === null) throw new Error("no region");
      breaker.end(begun, failed);
      return begun;
    };
    const open = (region: string) => Array.from({ length: 5 }).forEach(() => publish([region], true));
    return { ...breaker, publish, open };
  }

  it("passes over a region whose circuit is open, and keeps the order of the others", () => {
    const { open, begin, states } = breakerAt({ now: 0 });
    open("a");
    expect(begin(["a", "b", "c"])).toEqual({ region: "b", attempt: "usual", passed: ["a"] });
    expect(begin(["b", "a"])).toEqual({ region: "b", attempt: "usual", passed: [] });
    expect(states(["a", "b"])).toEqual({ a: "open", b: "closed" });
  });

  it("tries the regions in their order where all are open", () => {
    const { open, begin } = breakerAt({ now: 0 });
    open("a");
    open("b");
    expect(begin(["a", "b"])).toEqual({ region: "a", attempt: "last_resort", passed: [] });
    expect(begin(["b"])).toEqual({ region: "b", attempt: "last_resort", passed: [] });
    expect(begin([])).toBe(null);
  });

  it("sends one probe in its usual place, and all others around it until the probe has ended", () => {
    const clock = { now: 0 };
    const { open, begin, end, states } = breakerAt(clock);
    open("a");
    clock.now = 30_000;
    const probe = begin(["a", "b"]);
    expect(probe).toEqual({ region: "a", attempt: "probe", passed: [] });
    expect(begin(["a", "b"])).toEqual({ region: "b", attempt: "usual", passed: ["a"] });
    expect(states(["a"])).toEqual({ a: "half_open" });
    if (probe !== null) end(probe, false);
    expect(begin(["a", "b"])).toEqual({ region: "a", attempt: "usual", passed: [] });
    expect(states(["a"])).toEqual({ a: "closed" });
  });
});
