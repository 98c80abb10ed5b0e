import type { GuessPlace, InvocationId, SubjectTag } from "../../src/ids.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addressStanding } from "../../src/limits/address.ts";
import { budgetsFor, budgetStanding } from "../../src/limits/budget.ts";
import { longestWait } from "../../src/limits/limit.ts";
import { staleSends } from "../../src/limits/send.ts";
import { allowedSends, subjectStandings } from "../../src/limits/subject.ts";
import { policySchema } from "../../src/config/policy.ts";
import type { LoggedSend } from "../../src/store/send-port.ts";

const policy = policySchema.parse({});
/** Whose day holds few enough that a log of twenty meets all of its limits. */
const tight = policySchema.parse({ resendAfterSeconds: 600, sendsPerHour: 3, sendsPerDay: 4 });
const noon = Date.UTC(2026, 10, 23, 12);
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const of = "custom" as SubjectTag;
const asked = { kind: "send", of } as const;

function sends(...times: readonly number[]): LoggedSend[] {
  return times.map((at, index) => ({ ...asked, member: `send ${index}` as InvocationId, at, asker: null }));
}

function refusal(times: readonly number[], now: number) {
  const longest = longestWait(
    subjectStandings(allowedSends(sends(...times), policy), { now, ...asked }, policy),
  );
  return longest === null ? null : [longest.limit, longest.waitMs];
}

describe("the limits of a subject", () => {
  it.each([
    ["nothing before", [], noon, null],
    ["a send one millisecond too early", [noon - 29_999], noon, ["resendAfterSeconds", 1]],
    ["a send just in time", [noon - 30_000], noon, null],
    ["a send dated ahead by another clock", [noon + 40], noon, ["resendAfterSeconds", 30_040]],
    [
      "the sixth within an hour",
      [50, 40, 30, 20, 10].map((ago) => noon - ago * minute),
      noon,
      ["sendsPerHour", 10 * minute],
    ],
    ["the sixth after an hour", [60, 40, 30, 20, 10].map((ago) => noon - ago * minute), noon, null],
    [
      "the eleventh within a day",
      [23, 22, 21, 20, 19, 18, 17, 16, 15, 14].map((ago) => noon - ago * hour),
      noon,
      ["sendsPerDay", hour + 5 * minute],
    ],
  ] as const)("judge %s", (_, times, now, expected) => {
    expect(refusal(times, now)).toEqual(expected);
  });

  it("hold a send against nobody less for guesses that were dated before it and came too late", () => {
    const guesses = ["!nonce.one", "!nonce.two"].map((member, index) => ({
      kind: "guesses" as const,
      of,
      member: member as GuessPlace,
      at: noon - 3 * second + index,
      asker: null,
    }));
    const day = policySchema.parse({ sendsPerDay: 2, sendsPerDayPerNumber: 2 });
    const [first, last] = [noon - hour, noon - second];
    const allowed = allowedSends([...sends(first, last), ...guesses], day);
    expect(allowed.map(({ at }) => at)).toEqual([first, last]);
    const proven = subjectStandings(allowed, { now: noon, of, kind: "proven" }, day);
    expect(longestWait(proven)).toMatchObject({ limit: "resendAfterSeconds", waitMs: 29 * second });
  });

  it("do not count sends that were refused and wait for their refund", () => {
    const flood = Array.from({ length: 40 }, (_, index) => noon - 20 * second + index);
    expect(refusal(flood, noon)).toEqual(["resendAfterSeconds", 10 * second]);
  });

  it("count a send although another of the same moment drew on the reserve", () => {
    const small = policySchema.parse({ sendsPerDay: 1, sendsPerDayPerNumber: 2 });
    const [first, elsewhere, proven] = sends(noon - hour, noon, noon);
    if (first === undefined || elsewhere === undefined || proven === undefined) throw new Error("no sends");
    // As the store lists what has one score: by name.
    const log = [first, { ...proven, kind: "proven" as const }, { ...elsewhere, of: "driver" as SubjectTag }];
    expect(allowedSends(log, small).length).toBe(3);
  });

  it("allow at once what the wait was told for, and not a millisecond earlier", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 24 * 3600 }), { maxLength: 40 }), (secondsAgo) => {
        const allowed = allowedSends(sends(...secondsAgo.map((ago) => noon - ago * second)), policy);
        const longest = longestWait(subjectStandings(allowed, { now: noon, ...asked }, policy));
        if (longest === null) return;
        const later = (ms: number) =>
          longestWait(subjectStandings(allowed, { now: noon + ms, ...asked }, policy));
        expect(later(longest.waitMs)).toBeNull();
        expect(later(longest.waitMs - 1)).not.toBeNull();
      }),
    );
  });

  it("never allow more than the policy in any hour or day, whatever arrives", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 48 * 3600 }), { maxLength: 120 }), (seconds) => {
        const allowed = allowedSends(sends(...seconds.map((at) => noon + at * second)), policy).map(
          (send) => send.at,
        );
        for (const at of allowed) {
          const within = (ms: number) => allowed.filter((other) => other > at - ms && other <= at).length;
          expect(within(30 * second)).toBe(1);
          expect(within(hour)).toBeLessThanOrEqual(5);
          expect(within(24 * hour)).toBeLessThanOrEqual(10);
        }
      }),
    );
  });
});

describe("a send that came late, when the one that took its place was allowed", () => {
  const [late, sent] = sends(noon - minute, noon - minute + 1500);
  const log = late === undefined || sent === undefined ? [] : [late, sent];
  const opened = {
    log,
    count: { current: 1, previous: 0 },
    budgetCounts: [],
    chain: { codes: [], forgotten: 0, winners: new Map() },
    evidence: null,
    runs: [],
  };
  const at = { now: noon, overdueMs: 35 * second };

  it("is swept alone where it is known to have sent nothing", () => {
    const neverSent = new Set([late?.member as InvocationId]);
    expect(staleSends({ ...opened, neverSent }, at, policy)).toEqual([late]);
  });

  it("has the other swept by nobody else", () => {
    expect(staleSends({ ...opened, neverSent: new Set() }, at, policy)).toEqual([]);
  });
});

describe("what is swept from a log", () => {
  const opened = { count: { current: 1, previous: 0 }, budgetCounts: [], evidence: null, runs: [] };
  const chain = { codes: [], forgotten: 0, winners: new Map() };
  const windowMs = 24 * hour + policy.codeLifetimeSeconds * second;

  it("changes nothing of who was allowed, whoever was refused and never withdrew", () => {
    const few = fc.array(fc.integer({ min: 0, max: 72 * 60 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(few, (minutes) => {
        const log = sends(...minutes.toSorted((a, b) => a - b).map((at) => noon + at * minute));
        const now = log.at(-1)?.at ?? noon;
        const known = { ...opened, chain, log, neverSent: new Set<InvocationId>() };
        const stale = staleSends(known, { now, overdueMs: 35 * second }, tight);
        const left = log.filter((logged) => !stale.includes(logged));
        const today = (kept: readonly LoggedSend[]) =>
          allowedSends(kept, tight)
            .filter(({ at }) => at > now - windowMs)
            .map(({ member }) => member);
        expect(today(left)).toEqual(today(log));
      }),
      { examples: [[[0, 10, 11, 1455]], [[0, 1, 10, 1436, 1445, 1446]]] },
    );
  });

  it("is all that is past, where nobody was refused", () => {
    const log = sends(noon - windowMs - 1, noon - windowMs, noon - windowMs + 1, noon);
    const known = { ...opened, chain, log, neverSent: new Set<InvocationId>() };
    const roomy = { ...tight, resendAfterSeconds: 0 };
    expect(staleSends(known, { now: noon, overdueMs: 35 * second }, roomy)).toEqual(log.slice(0, 2));
  });
});

describe("the limit of an address", () => {
  const rule = { limit: "sendsPerHourPerIp", quota: 10 } as const;

  it.each([
    ["the tenth request of an hour", { current: 10, previous: 0 }, noon + 30 * minute, 0],
    ["the eleventh", { current: 11, previous: 0 }, noon + 30 * minute, 30 * minute + 6 * minute],
    ["one with half of the last hour still counting", { current: 5, previous: 10 }, noon + 30 * minute, 0],
    ["one more than that", { current: 6, previous: 10 }, noon + 30 * minute, 6 * minute],
  ] as const)("judges %s", (_, count, now, waitMs) => {
    expect(addressStanding(rule, count, now).waitMs).toBe(waitMs);
  });

  it("allows after the wait that it told, if nobody else comes, and never tells a wait of 0 for a refusal", () => {
    const counts = fc.record({
      quota: fc.integer({ min: 1, max: 50 }),
      current: fc.integer({ min: 1, max: 200 }),
      previous: fc.integer({ min: 0, max: 200 }),
      into: fc.integer({ min: 0, max: hour - 1 }),
    });
    fc.assert(
      fc.property(counts, ({ quota, current, previous, into }) => {
        const at = { limit: "sendsPerHourPerIp", quota } as const;
        const { waitMs } = addressStanding(at, { current, previous }, noon + into);
        if (waitMs === 0) return;
        const now = noon + into + waitMs;
        const sameHour = now < noon + hour;
        // The refused request was counted back, and the one after the wait is counted.
        const count = sameHour
          ? { current, previous }
          : { current: 1, previous: now < noon + 2 * hour ? current - 1 : 0 };
        expect(addressStanding(at, count, now).waitMs).toBe(0);
      }),
    );
  });
});

describe("the SMS budgets of a day", () => {
  const limited = policySchema.parse({ smsPerDay: 100, smsPerDayPerCountry: { IN: 3 } });

  it("are one in all, and one of the country where it has one", () => {
    expect(
      budgetsFor({ country: "IN", role: "driver", now: noon }, limited).map(({ scope }) => scope),
    ).toEqual(["all", "IN"]);
    expect(
      budgetsFor({ country: "US", role: "driver", now: noon }, limited).map(({ scope }) => scope),
    ).toEqual(["all"]);
    expect(
      budgetsFor({ country: "toString", role: "toString", now: noon }, limited).map(({ scope }) => scope),
    ).toEqual(["all"]);
  });

  it("refuse the SMS above them until the next day in UTC", () => {
    const [total, india] = budgetsFor({ country: "IN", role: "driver", now: noon }, limited);
    if (!total || !india) throw new Error("two budgets expected");
    expect(budgetStanding(india, 3, { now: noon, policy: limited }).waitMs).toBe(0);
    expect(budgetStanding(india, 4, { now: noon, policy: limited })).toMatchObject({
      limit: "smsPerDayPerCountry",
      waitMs: 12 * hour,
    });
    expect(budgetStanding(total, 101, { now: noon, policy: limited })).toMatchObject({
      limit: "smsPerDay",
      waitMs: 12 * hour,
    });
  });
});
