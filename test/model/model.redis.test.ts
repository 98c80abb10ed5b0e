import { afterAll, describe, expect, it } from "vitest";
import { realBackend } from "../../src/local/redis/backend.ts";
import { checkModel, tellFinding } from "./check.ts";
import { realGround } from "./ground.ts";

const url = process.env["REDIS_URL"];
if (url === undefined) throw new Error("This test plays against a real Redis: set REDIS_URL");
const real = realBackend(url);
afterAll(() => real.close());

describe("random histories over a real Redis", () => {
  it("break no promise", { timeout: 120_000 }, async () => {
    const openGround = () => Promise.resolve(realGround(real));
    // Its own clock stands still while ours jumps, so nothing may depend on what has gone by itself.
    const { finding } = await checkModel({ seed: 1, runs: 60, steps: 30, openGround, longestWait: 900 });
    expect(finding && tellFinding(finding)).toBeNull();
  });
});
