import { describe, expect, it } from "vitest";
import { createVirtualTime } from "./virtual-time.ts";

describe("virtual time", () => {
  it("wakes sleepers in the order of their time, and those of one time in the order of their going to sleep", async () => {
    const time = createVirtualTime(0);
    const woken: string[] = [];
    const sleepers = [30, 10, 20, 10, 5, 30, 10].map((at, index) => ({ at, name: `${at}#${index}` }));
    for (const { at, name } of sleepers) {
      time.start(async () => {
        await time.sleepUntil(at);
        woken.push(`${name} at ${time.now}`);
      });
    }
    await time.runUntil(25);
    expect(woken).toEqual(["5#4 at 5", "10#1 at 10", "10#3 at 10", "10#6 at 10", "20#2 at 20"]);
    await time.runUntil(100);
    expect(woken.slice(5)).toEqual(["30#0 at 30", "30#5 at 30"]);
    expect(time.now).toBe(100);
  });

  it("lets nobody's clock move before all promises have come to rest", async () => {
    const time = createVirtualTime(0);
    const seen: number[] = [];
    time.start(async () => {
      await time.sleepUntil(1);
      for (let step = 0; step < 100; step += 1) await Promise.resolve();
      seen.push(time.now);
    });
    time.start(() => time.sleepUntil(2));
    await time.runUntil(10);
    expect(seen).toEqual([1]);
  });

  it("fails where an actor fails", async () => {
    const time = createVirtualTime(0);
    time.start(async () => {
      await time.sleepUntil(1);
      throw new Error("a bug");
    });
    await expect(time.runUntil(10)).rejects.toThrow("a bug");
  });
});
