import { describe, expect, it } from "vitest";
import { checkModel, tellFinding } from "./check.ts";

const seed = Number(process.env["MODEL_SEED"] ?? 1);
const runs = Number(process.env["MODEL_RUNS"] ?? 150);

describe("random histories", () => {
  it("break no promise", { timeout: 60_000 + 500 * runs }, async () => {
    const { finding, totals } = await checkModel({ seed, runs, steps: 30 });
    expect(finding && tellFinding(finding)).toBeNull();
    expect(totals.histories).toBe(runs);
  });

  it(
    "break none where the clocks of locations lie two seconds apart",
    { timeout: 60_000 + 500 * runs },
    async () => {
      const { finding } = await checkModel({ seed, runs: Math.ceil(runs / 3), steps: 30, clocks: "apart" });
      expect(finding && tellFinding(finding)).toBeNull();
    },
  );

  it("are the same for the same seed", async () => {
    const played = () => checkModel({ seed, runs: 10, steps: 30 });
    expect(await played()).toEqual(await played());
  });
});
