import { randomInt } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProtocol, verdictOf } from "../harness/protocol.ts";
import type { Protocol } from "../harness/protocol.ts";
import { APPS } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
afterAll(() => upstreams.close());

const minute = 60_000;
const enforce = {
  guard: "enforce",
  // What is on guard for a country sees all tests that share one Redis.
  guardSendsPerCountry: 1e9,
  guardSendsPerPrefix: 10,
  guardConversionPercent: 20,
  guardHoldSeconds: 600,
} as const;

/** No other test signs in there, so nobody holds these countries. */
const apps = { customer: { ...APPS.customer, countries: ["IN", "SG", "US"] } };

let prefixes = randomInt(800);

/** Ten thousand numbers in Singapore of which no other test uses any. */
function freshPrefix(): (line: number) => string {
  prefixes = (prefixes + 1) % 800;
  const prefix = `+659${100 + prefixes}`;
  return (line) => `${prefix}${String(line).padStart(4, "0")}`;
}

/** Numbers in the United States, each of another prefix. */
function freshAmericans(count: number): string[] {
  const area = ["415", "212", "305", "206", "512"];
  return Array.from({ length: count }, (_, index) => {
    const exchange = 220 + ((index * 7 + randomInt(1000)) % 700);
    return `+1${area[index % area.length]}${exchange}${randomInt(1000, 10_000)}`;
  });
}

async function sendTo(protocol: Protocol, phone: string, options = {}): Promise<string> {
  protocol.phone = phone;
  const sent = await protocol.send(options);
  if (sent.ok) return "sent";
  return sent.refusal.reason === "over_limit" ? sent.refusal.longest.limit : sent.refusal.reason;
}

async function pump(protocol: Protocol, phones: readonly string[]): Promise<string[]> {
  const results = [];
  for (const [index, phone] of phones.entries())
    results.push(await sendTo(protocol, phone, { from: `198.51.${index}.7` }));
  return results;
}

/** What an earlier run has left in a Redis that outlives it. */
async function forget(...patterns: readonly string[]): Promise<void> {
  for (const pattern of patterns) {
    const found = await upstreams.backend.single(["KEYS", pattern]);
    const keys = "result" in found && Array.isArray(found.result) ? found.result.map(String) : [];
    for (const key of keys) await upstreams.backend.single(["DEL", key]);
  }
}

const lines = (of: (line: number) => string, from: number, count: number) =>
  Array.from({ length: count }, (_, index) => of(from + index));

describe("sends to one prefix that never verify", () => {
  it("are held, released by themselves, and held twice as long", async () => {
    const protocol = await createProtocol(upstreams, enforce, apps);
    const of = freshPrefix();
    expect(new Set(await pump(protocol, lines(of, 0, 10)))).toEqual(new Set(["sent"]));
    protocol.clock.now += 4 * minute;
    expect(await pump(protocol, lines(of, 10, 5))).toEqual(Array(5).fill("guard"));
    protocol.clock.now += 10 * minute;
    expect(await pump(protocol, lines(of, 20, 5))).toEqual(["sent", "sent", "sent", "guard", "guard"]);
    protocol.clock.now += 4 * minute;
    expect(await sendTo(protocol, of(30))).toBe("guard");
    expect(protocol.notes.held.at(-1)).toMatchObject({ by: "prefix", waitMs: 20 * minute });
    protocol.clock.now += 19 * minute;
    expect(await sendTo(protocol, of(31))).toBe("guard");
    protocol.clock.now += minute;
    expect(await sendTo(protocol, of(32))).toBe("sent");
  });

  it("are told how long the hold lasts, and by which limit", async () => {
    const protocol = await createProtocol(upstreams, { ...enforce, guardHoldSeconds: 77 }, apps);
    const of = freshPrefix();
    await pump(protocol, lines(of, 0, 10));
    protocol.clock.now += 4 * minute;
    protocol.phone = of(10);
    const refused = await protocol.send();
    expect(refused).toMatchObject({
      ok: false,
      refusal: { reason: "over_limit", longest: { limit: "guard", waitMs: 77_000 } },
    });
  });

  it("are noted and sent in shadow, and neither where the guard is off", async () => {
    const shadow = await createProtocol(upstreams, { ...enforce, guard: "shadow" }, apps);
    const off = await createProtocol(upstreams, { guard: "off", guardSendsPerPrefix: 1 }, apps);
    const of = freshPrefix();
    await pump(shadow, lines(of, 0, 10));
    expect(shadow.notes.held).toEqual([]);
    shadow.clock.now += 4 * minute;
    off.clock.now += 4 * minute;
    expect(await sendTo(shadow, of(10))).toBe("sent");
    expect(shadow.notes.held).toMatchObject([{ by: "prefix", starts: { level: 1 } }]);
    expect(await sendTo(off, of(11))).toBe("sent");
    expect(off.notes.held).toEqual([]);
  });

  it("do not hold a number that has verified in the last 30 days, nor a caller with proof", async () => {
    const protocol = await createProtocol(upstreams, enforce, apps);
    const of = freshPrefix();
    expect(await sendTo(protocol, of(0))).toBe("sent");
    expect(verdictOf(await protocol.verify(protocol.tried.at(-1)?.code ?? ""))).toBe("verified");
    await pump(protocol, lines(of, 1, 10));
    protocol.clock.now += 4 * minute;
    expect(await sendTo(protocol, of(11))).toBe("guard");
    expect(await sendTo(protocol, of(12), { proven: true })).toBe("sent");
    expect(await sendTo(protocol, of(0))).toBe("sent");
    const later = await createProtocol(upstreams, { ...enforce, guardHoldSeconds: 86_400 }, apps);
    later.clock.now += 30 * 24 * 60 * minute + 4 * minute;
    await pump(later, lines(of, 20, 10));
    later.clock.now += 4 * minute;
    expect(await sendTo(later, of(0))).toBe("guard");
  });

  it("are forgotten from the oldest on once they are many", async () => {
    const protocol = await createProtocol(upstreams, { ...enforce, guard: "shadow" }, apps);
    const of = freshPrefix();
    const key = `pfx:${await protocol.identity.prefix(of(0))}`;
    const counted = () => upstreams.backend.single(["ZCARD", key]);
    await pump(protocol, lines(of, 0, 127));
    expect(await counted()).toEqual({ result: 127 });
    await pump(protocol, lines(of, 127, 1));
    expect(await counted()).toEqual({ result: 96 });
  });

  it("that are refused add nothing to what they were refused by", async () => {
    const protocol = await createProtocol(upstreams, { ...enforce, resendAfterSeconds: 86_400 }, apps);
    const of = freshPrefix();
    await pump(protocol, lines(of, 0, 5));
    for (let index = 0; index < 5; index += 1) await pump(protocol, lines(of, 0, 5));
    protocol.smsOutcomes.push(...Array<"rejected">(10).fill("rejected"));
    expect(new Set(await pump(protocol, lines(of, 5, 10)))).toEqual(new Set(["sms_rejected"]));
    protocol.clock.now += 4 * minute;
    expect(await sendTo(protocol, of(50))).toBe("sent");
    expect(protocol.notes.held).toEqual([]);
  });

  it("and those that do verify hold nobody", async () => {
    const protocol = await createProtocol(upstreams, enforce, apps);
    const of = freshPrefix();
    for (const phone of lines(of, 0, 30)) {
      expect(await sendTo(protocol, phone)).toBe("sent");
      protocol.clock.now += minute;
      expect(verdictOf(await protocol.verify(protocol.tried.at(-1)?.code ?? ""))).toBe("verified");
    }
  });
});

describe("sends to a country that hardly ever verify", () => {
  it("are held though no prefix repeats, but not from networks where somebody has verified", async () => {
    const protocol = await createProtocol(upstreams, { ...enforce, guardSendsPerCountry: 20 }, apps);
    await forget("hold:US*", "cty:US:*");
    // Ahead of all other tests, so that the hold is over for none of them and begun for none.
    protocol.clock.now = Math.ceil(protocol.clock.now / (10 * minute)) * 10 * minute;
    const [owner = "", ...others] = freshAmericans(26);
    expect(await sendTo(protocol, owner, { from: "203.0.113.5" })).toBe("sent");
    const code = protocol.tried.at(-1)?.code ?? "";
    expect(verdictOf(await protocol.verify(code, { from: "203.0.113.99" }))).toBe("verified");
    expect(new Set(await pump(protocol, others.slice(0, 22)))).toEqual(new Set(["sent"]));
    protocol.clock.now += 10 * minute;
    expect(await sendTo(protocol, others[22] ?? "", { from: "198.51.200.1" })).toBe("guard");
    expect(protocol.notes.held.at(-1)).toMatchObject({ by: "country" });
    expect(await sendTo(protocol, others[23] ?? "", { from: "203.0.113.200" })).toBe("sent");
    protocol.clock.now += 10 * minute;
    expect(await sendTo(protocol, others[24] ?? "", { from: "198.51.200.1" })).toBe("sent");
  });
});
