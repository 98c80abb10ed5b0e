import { describe, expect, it } from "vitest";
import { VARIANTS } from "./broken/variants.ts";
import { checkModel } from "./check.ts";

describe("the model", () => {
  it.each(VARIANTS)("finds a service that $name", async ({ notices, parts }) => {
    const { finding } = await checkModel({ seed: 1, runs: 300, steps: 30, parts, isFirstEnough: true });
    expect(finding?.broken ?? "nothing").toMatch(notices);
  });
});
