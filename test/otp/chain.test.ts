import type { Nonce } from "../../src/ids.ts";
import type { CodeChain } from "../../src/store/code-chain.ts";
import { describe, expect, it } from "vitest";
import { forgettable } from "../../src/otp/chain.ts";

const now = Date.UTC(2026, 10, 23, 12);
const codeLifetimeSeconds = 300;

/** A code was issued so many seconds ago. */
function chainOf(...ages: readonly number[]): CodeChain {
  const codes = ages.map((age, index) => ({ nonce: `nonce ${index}` as Nonce, issuedAt: now - age * 1000 }));
  return { codes, forgotten: 0, winners: new Map() };
}

const past = (...ages: readonly number[]) => forgettable(chainOf(...ages), { now, codeLifetimeSeconds });

describe("codes that may be forgotten", () => {
  it("are older than two lives of a code", () => {
    const old = Array.from({ length: 20 }, (_, index) => 5000 - index);
    expect(past(...old, 601, 600, 599, 10)).toBe(22);
    expect(past(...old, 599, 10)).toBe(20);
  });

  it("are none while they are few", () => {
    const old = Array.from({ length: 11 }, () => 5000);
    expect(past(...old, 10)).toBe(0);
    expect(past(...old, 5000, 10)).toBe(12);
  });

  it("are never the live one, however old", () => {
    expect(past(...Array.from({ length: 30 }, () => 5000))).toBe(29);
  });
});
