import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/policy.ts";
import type { GuessPlace, InvocationId, SubjectTag } from "../../src/ids.ts";
import { hasPlace } from "../../src/limits/guess-place.ts";
import type { LoggedSend } from "../../src/store/send-port.ts";

const MINUTE_MS = 60_000;
const policy = policySchema.parse({ resendAfterSeconds: 600, sendsPerHour: 3, sendsPerDay: 4 });
const now = Date.UTC(2026, 10, 23, 12);
const since = now - 24 * 60 * MINUTE_MS - policy.codeLifetimeSeconds * 1000;
const of = "custom" as SubjectTag;

function sentAfter(...minutes: readonly number[]): LoggedSend[] {
  return minutes.map((after, index) => ({
    kind: "send",
    of,
    member: `send ${index}` as InvocationId,
    at: since + after * MINUTE_MS,
    asker: null,
  }));
}

function isPlaceLeft(log: readonly LoggedSend[]): boolean {
  return hasPlace(log, { place: "!nonce.holder" as GuessPlace, of }, { now, policy });
}

describe("a place of guesses in the day", () => {
  it("is left until the day's sends are used up", () => {
    expect(isPlaceLeft(sentAfter(1, 100, 200))).toBe(true);
    expect(isPlaceLeft(sentAfter(1, 100, 200, 300))).toBe(false);
  });

  it("is not taken by what is past", () => {
    expect(isPlaceLeft(sentAfter(0, 100, 200, 300))).toBe(true);
  });

  it("goes to nobody while two want the last one, whoever's clock is behind", () => {
    const claims = ["!nonce.holder", "!nonce.other"].map((member, index) => ({
      kind: "guesses" as const,
      of,
      member: member as GuessPlace,
      at: now + index,
      asker: null,
    }));
    const sends = sentAfter(1, 100, 200);
    expect(isPlaceLeft([...sends, ...claims])).toBe(false);
    expect(isPlaceLeft([...sends, ...claims.slice(0, 1)])).toBe(true);
  });

  it("is not taken by a send that one of the past had refused", () => {
    expect(isPlaceLeft(sentAfter(0, 1, 100, 200, 300))).toBe(true);
  });
});
