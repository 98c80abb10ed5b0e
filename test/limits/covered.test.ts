import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/config/policy.ts";
import { policySchema } from "../../src/config/policy.ts";
import type { Address, GuessPlace, InvocationId, Nonce, SendId, SubjectTag } from "../../src/ids.ts";
import { guessPlace, sendPlace } from "../../src/ids.ts";
import { hasPlace } from "../../src/limits/guess-place.ts";
import { staleSends } from "../../src/limits/send.ts";
import { allowedSends, subjectStandings } from "../../src/limits/subject.ts";
import type { LoggedSend } from "../../src/store/send-port.ts";

const noon = Date.UTC(2026, 10, 23, 12);
const second = 1000;
const hour = 3_600_000;
const of = "custom" as SubjectTag;
const nonce = "AAAAAAAAAAAAAAAAAAAAAAAA" as Nonce;
const address = "address" as Address;

const send = (name: string, at: number): LoggedSend => {
  const asker = { address, sendId: name as SendId };
  return { kind: "send", of, member: name as InvocationId, at, asker };
};
const guesses = (member: GuessPlace, at: number): LoggedSend => ({
  kind: "guesses",
  of,
  member,
  at,
  asker: null,
});
const brought = (name: string, at: number) => guesses(sendPlace(nonce, name as SendId), at);

const dayOf = (sendsPerDay: number) => policySchema.parse({ sendsPerDay, sendsPerDayPerNumber: sendsPerDay });

/** What is left of a day after these. */
function leftOfDay(log: readonly LoggedSend[], policy: Policy): number | undefined {
  const standings = subjectStandings(allowedSends(log, policy), { now: noon, of, kind: "guesses" }, policy);
  return standings.find(({ limit }) => limit === "sendsPerDay")?.remaining;
}

describe("guesses that a send has brought", () => {
  const log = [send("one", noon - 2 * hour), send("two", noon - hour)];

  it.each([
    ["after it", 5 * second],
    ["by another clock before it", -5 * second],
  ])("take no place of the day beside it, dated %s", (_, later) => {
    expect(leftOfDay([...log, brought("two", noon - hour + later)], dayOf(3))).toBe(1);
  });

  it("take its place once it is gone", () => {
    expect(leftOfDay([send("one", noon - 2 * hour), brought("two", noon - hour)], dayOf(3))).toBe(1);
    expect(leftOfDay([...log, brought("gone", noon - hour)], dayOf(3))).toBe(0);
  });

  it("are within the day however full it is, and leave others the place that they do not take", () => {
    const own = { place: sendPlace(nonce, "two" as SendId), of };
    const another = { place: guessPlace(nonce, "holder" as Parameters<typeof guessPlace>[1]), of };
    const now = { now: noon, policy: dayOf(3) };
    expect(hasPlace(log, own, { now: noon, policy: dayOf(2) })).toBe(true);
    expect(hasPlace([...log, brought("two", noon)], another, now)).toBe(true);
    expect(hasPlace([...log, brought("gone", noon)], another, now)).toBe(false);
    expect(hasPlace(log, { ...own, of: "driver" as SubjectTag }, { now: noon, policy: dayOf(2) })).toBe(
      false,
    );
  });

  it("keep nothing in the log that is past", () => {
    const policy = dayOf(5);
    const past = send("past", noon - 24 * hour - policy.codeLifetimeSeconds * second);
    const known = {
      log: [past, ...log, brought("two", noon - hour + second)],
      count: { current: 1, previous: 0 },
      budgetCounts: [],
      chain: { codes: [], forgotten: 0, winners: new Map() },
      evidence: null,
      runs: [],
      neverSent: new Set<InvocationId>(),
    };
    expect(staleSends(known, { now: noon, overdueMs: 35 * second }, policy)).toEqual([past]);
  });
});

describe("a wait", () => {
  it("ends with the oldest of what counts, in whatever order it was allowed", () => {
    const policy = dayOf(2);
    const first = noon - 24 * hour + 10 * second - policy.codeLifetimeSeconds * second;
    // Dated before the send, and judged after it.
    const log = [
      guesses(guessPlace(nonce, "holder" as Parameters<typeof guessPlace>[1]), first),
      send("one", first + second),
    ];
    const standings = subjectStandings(allowedSends(log, policy), { now: noon, of, kind: "send" }, policy);
    expect(standings.find(({ limit }) => limit === "sendsPerDay")).toMatchObject({ waitMs: 10 * second });
  });
});
