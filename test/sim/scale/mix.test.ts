import { describe, expect, it } from "vitest";
import { runCrowd } from "../crowd.ts";
import { openMonth } from "../month.ts";
import { DAY, WORLD } from "../world.ts";
import { MONTH_AFTER, PEAK, SIGN_IN } from "./mix.ts";

describe("the mix of requests", () => {
  it("is what a simulated crowd asks for, in sends and verifies for each who signed in", async () => {
    const month = await openMonth({ seed: "2", days: 1, scale: 0.4, rings: [], policy: { guard: "shadow" } });
    month.time.start(() => runCrowd("IN", month));
    await month.time.runUntil(WORLD.startsAt + DAY).finally(() => month.service.close());
    const { send, verify } = month.service.bill;
    const signedIn = month.ledger.total().honest["all"]?.signedIn ?? 0;
    expect(signedIn).toBeGreaterThan(400);
    expect(Math.abs(send.calls / signedIn / timesOf(/send/) - 1)).toBeLessThan(0.08);
    expect(Math.abs(verify.calls / signedIn / timesOf(/^verify/) - 1)).toBeLessThan(0.04);
  });

  it("signs everybody in once, and has a busiest hour", () => {
    expect(timesOf(/right/)).toBeCloseTo(1, 6);
    expect(PEAK).toBeCloseTo(1.56, 2);
    expect(MONTH_AFTER.get("refresh, rotate")).toBe(60);
  });
});

function timesOf(name: RegExp): number {
  return [...SIGN_IN].reduce((sum, [operation, times]) => sum + (name.test(operation) ? times : 0), 0);
}
