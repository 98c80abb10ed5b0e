import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/policy.ts";
import { smsPriceMicroUsd } from "../../src/sms/price.ts";

const policy = policySchema.parse({ smsPricesUsd: { IN: 0.0025, US: 0.00645, "*": 0.05 } });

describe("the price of an SMS", () => {
  it.each([
    ["its country's", "a", "IN", 2500],
    ["that of all other countries", "a", "NP", 50_000],
    ["one for each part in GSM-7", "a".repeat(161), "US", 12_900],
    ["one for each part in UCS-2", "क".repeat(135), "IN", 7500],
    ["no inherited one", "a", "toString", 50_000],
  ])("is %s", (_, text, country, price) => {
    expect(smsPriceMicroUsd({ text, country }, policy)).toBe(price);
  });

  it("is not known without a table", () => {
    expect(smsPriceMicroUsd({ text: "a", country: "IN" }, policySchema.parse({}))).toBeUndefined();
  });
});
