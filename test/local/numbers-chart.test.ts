import { describe, expect, it } from "vitest";
import { inWords } from "../../src/local/numbers/browser/plain-words.js";
import { labelledSteps, logarithmicTicks, valueTicks } from "../../src/local/numbers/browser/scale.js";
import { bandPath, linePath } from "../../src/local/numbers/browser/svg.js";

describe("an axis of counts", () => {
  it.each([
    [1, [0, 1]],
    [3, [0, 1, 2, 3]],
    [7, [0, 2, 4, 6, 8]],
    [26, [0, 10, 20, 30]],
    [100, [0, 25, 50, 75, 100]],
    [101, [0, 50, 100, 150]],
    [987_654, [0, 250_000, 500_000, 750_000, 1_000_000]],
  ])("up to %i has whole, round numbers, few of them", (most, ticks) => {
    expect(valueTicks(most)).toEqual(ticks);
  });
});

describe("an axis of times", () => {
  it.each([
    [[], [1, 2, 5, 10]],
    [[0], [1, 2]],
    [
      [41, 240],
      [20, 50, 100, 200, 500],
    ],
    [
      [7, 7],
      [5, 10],
    ],
    [
      [1, 3000],
      [1, 10, 100, 1000, 5000],
    ],
  ])("of %j reaches around them", (values, ticks) => {
    expect(logarithmicTicks(values)).toEqual(ticks);
  });
});

describe("the labels of the steps", () => {
  it("are the first, the last and as many between as there is room for", () => {
    expect(labelledSteps(30, 250)).toEqual([0, 29]);
    expect(labelledSteps(30, 700)).toEqual([0, 6, 12, 17, 23, 29]);
  });
});

const x = (index: number) => index * 10;
const y = (value: number) => 100 - value;

describe("a line", () => {
  it("breaks off where nothing is known, and is a dot where a value is alone", () => {
    expect(linePath([1, 2, null, 3], x, y)).toBe("M0 99h0L10 98M30 97h0");
    expect(linePath([null, null], x, y)).toBe("");
  });
});

describe("an area", () => {
  it("bridges no gap", () => {
    expect(bandPath({ low: [1, 1, null, 1], high: [5, 6, null, 7] }, x, y)).toBe(
      "M0 95L10 94L10 99L0 99ZM30 93L30 99Z",
    );
    expect(bandPath({ low: [], high: [null] }, x, y)).toBe("");
  });
});

describe("a refusal in words", () => {
  it.each([
    ["OTP_INVALID", "wrong_guess", "Wrong code"],
    ["INVALID_REQUEST", "phone,otp", "Request wrong in phone,otp"],
    ["SERVICE_UNAVAILABLE", "some_new_reason", "some new reason"],
    ["INTERNAL_ERROR", "", "INTERNAL_ERROR"],
  ])("%s for %j is %j", (outcome, reason, words) => {
    expect(inWords(outcome, reason)).toBe(words);
  });
});
