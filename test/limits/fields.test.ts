import fc from "fast-check";
import type { SubjectTag } from "../../src/ids.ts";
import { describe, expect, it } from "vitest";
import { policySchema } from "../../src/config/policy.ts";
import { rateLimitFields } from "../../src/limits/fields.ts";
import type { Standing } from "../../src/limits/limit.ts";
import { longestWait } from "../../src/limits/limit.ts";
import { subjectStandings } from "../../src/limits/subject.ts";

const policy = policySchema.parse({});
const cooldown: Standing = {
  limit: "resendAfterSeconds",
  quota: 1,
  windowSeconds: 30,
  remaining: 0,
  waitMs: 29_001,
};
const hour: Standing = { limit: "sendsPerHour", quota: 5, windowSeconds: 3600, remaining: 3, waitMs: 0 };
const address: Standing = {
  limit: "sendsPerHourPerIp",
  quota: 600,
  windowSeconds: 3600,
  remaining: 17,
  waitMs: 0,
};
const budget: Standing = {
  limit: "smsPerDay",
  quota: 100_000,
  windowSeconds: 86_400,
  remaining: 0,
  waitMs: 5_000,
};

/** One item of a list of strings with parameters that are integers (RFC 9651 sections 3.1 and 3.3), and its end. */
const ITEM = /^"([A-Za-z]+)"((?:;[a-z]+=\d{1,15})+)(?:, |$)/;

function readList(field: string): { name: string; parameters: Record<string, number> }[] {
  const items = [];
  for (let rest = field; rest !== "";) {
    const [item, name = "", parameters = ""] = ITEM.exec(rest) ?? [];
    if (item === undefined) throw new Error(`no list: ${rest}`);
    const pairs = parameters.slice(1).split(";");
    items.push({
      name,
      parameters: Object.fromEntries(
        pairs.map((pair) => pair.split("=")).map(([key, n]) => [key, Number(n)]),
      ),
    });
    rest = rest.slice(item.length);
  }
  return items;
}

describe("the RateLimit fields", () => {
  it("have the policies of the caller's own limits, and none of the service's budgets", () => {
    expect(rateLimitFields([cooldown, hour, address, budget])).toEqual({
      "RateLimit-Policy":
        '"resendAfterSeconds";q=1;w=30, "sendsPerHour";q=5;w=3600, "sendsPerHourPerIp";q=600;w=3600',
      RateLimit: '"resendAfterSeconds";r=0;t=30, "sendsPerHourPerIp";r=17',
    });
  });

  it("have no more of a number's limit that is not used up: how often it was sent to stays unsaid", () => {
    const busier = [cooldown, { ...hour, remaining: 1 }, address];
    expect(rateLimitFields(busier)).toEqual(rateLimitFields([cooldown, hour, address]));
  });

  it("are left out where they would be empty", () => {
    expect(rateLimitFields([])).toEqual({});
    expect(rateLimitFields([budget])).toEqual({});
    expect(Object.keys(rateLimitFields([hour]))).toEqual(["RateLimit-Policy"]);
  });

  it("have no policy without a window: a limit that is off", () => {
    expect(rateLimitFields([{ ...cooldown, windowSeconds: 0, remaining: 1, waitMs: 0 }])).toEqual({});
  });

  it("are lists of named items with integers, and no time is early, nor later than that of Retry-After", () => {
    const agos = fc.array(fc.integer({ min: 0, max: 86_400_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(agos, (agosMs) => {
        const now = Date.UTC(2026, 10, 23, 12);
        const own = { kind: "send", of: "custom" as SubjectTag } as const;
        const log = agosMs
          .toSorted((a, b) => b - a)
          .map((ago) => ({ ...own, member: "i" as never, at: now - ago, asker: null, isReserve: false }));
        const asked = { now, ...own };
        const standings = [...subjectStandings(log, asked, policy), address, budget];
        const fields = rateLimitFields(standings);
        const policies = readList(fields["RateLimit-Policy"] ?? "");
        for (const { parameters } of policies) {
          expect(Object.keys(parameters)).toEqual(["q", "w"]);
          expect(parameters["w"]).toBeGreaterThan(0);
        }
        const retryAfter = Math.ceil((longestWait(standings)?.waitMs ?? 0) / 1000);
        for (const { name, parameters } of readList(fields["RateLimit"] ?? "")) {
          expect(policies.map((one) => one.name)).toContain(name);
          const standing = standings.find(({ limit }) => limit === name);
          expect(parameters["r"]).toBe(standing?.remaining);
          const { t = 0 } = parameters;
          expect(t * 1000).toBeGreaterThanOrEqual(standing?.waitMs ?? Infinity);
          expect(t).toBeLessThanOrEqual(retryAfter);
        }
      }),
    );
  });
});
