import { describe, expect, it } from "vitest";
import type { App } from "../../src/config/apps.ts";
import { createBreaker } from "../../src/sms/breaker.ts";
import type { PublishOutcome } from "../../src/sms/outcome.ts";
import { sendThroughRegions } from "../../src/sms/regions.ts";

const app: App = {
  role: "customer",
  name: "Weelo",
  defaultCountry: "IN",
  countries: ["IN"],
  requireChallenge: false,
  audience: "customer",
  accessTokenSeconds: 900,
  refreshTokenSeconds: 2_592_000,
  refreshRotation: "keep",
  directory: "fail",
  templates: {},
};
const phone = { e164: "+919876543210", country: "IN", display: "9876543210", masked: "98****3210" } as const;
const message = { app, phone, code: "012345", lifetimeSeconds: 300, locale: null };

const SENT = { kind: "sent" } as const;
const REJECTED = { kind: "rejected", reason: "InvalidParameter" } as const;
const NOT_SENT = { kind: "not_sent", reason: "Throttling" } as const;
const UNKNOWN = { kind: "unknown", reason: "no_answer" } as const;

/** Regions `a` and `b`, and what happened to one send after another, as `region:outcome`. */
function isolate() {
  const clock = { now: 0 };
  const answers: Record<string, PublishOutcome> = { a: SENT, b: SENT };
  let seen: string[] = [];
  const spent: string[] = [];
  const sms = sendThroughRegions({
    regionsFor: () => ["a", "b"],
    breaker: createBreaker(() => clock.now),
    publish: async (region) => answers[region] ?? UNKNOWN,
    observe: (region, { kind }) => seen.push(`${region}:${kind}`),
    spend: (_, { to }) => spent.push(to),
  });
  async function send(outcomes: Partial<typeof answers> = {}) {
    Object.assign(answers, outcomes);
    seen = [];
    const outcome = await sms(message);
    return [outcome, ...seen];
  }
  async function sendTimes(times: number, outcomes: Partial<typeof answers>) {
    for (let sends = 0; sends < times; sends += 1) await send(outcomes);
  }
  return { clock, send, sendTimes, spent };
}

describe("what will be on the bill", () => {
  it("is what was taken, or may have been, and nothing that was not sent", async () => {
    const { send, spent } = isolate();
    await send({ a: NOT_SENT, b: NOT_SENT });
    await send({ a: REJECTED });
    expect(spent).toEqual([]);
    await send({ a: SENT });
    await send({ a: UNKNOWN });
    await send({ a: NOT_SENT, b: SENT });
    expect(spent).toEqual(Array(3).fill(phone.e164));
  });
});

describe("a region that keeps failing", () => {
  it.each([NOT_SENT, UNKNOWN])(
    "($kind) is skipped after five times, and the log shows it",
    async (failure) => {
      const { send, sendTimes } = isolate();
      await sendTimes(5, { a: failure });
      expect(await send({ a: SENT })).toEqual(["sent", "a:skipped", "b:sent"]);
    },
  );

  it("is not skipped for messages or numbers that it refuses", async () => {
    const { send, sendTimes } = isolate();
    await sendTimes(4, { a: NOT_SENT });
    await sendTimes(1, { a: REJECTED });
    await sendTimes(4, { a: NOT_SENT });
    await sendTimes(10, { a: REJECTED });
    expect(await send({ a: SENT })).toEqual(["sent", "a:sent"]);
  });

  it("is tried last, never not at all", async () => {
    const { send, sendTimes } = isolate();
    await sendTimes(5, { a: NOT_SENT });
    expect(await send({ a: SENT, b: NOT_SENT })).toEqual(["sent", "a:skipped", "b:not_sent", "a:sent"]);
  });

  it("is tried in its order where all regions fail", async () => {
    const { send, sendTimes } = isolate();
    await sendTimes(5, { a: NOT_SENT, b: NOT_SENT });
    expect(await send()).toEqual(["unavailable", "a:not_sent", "b:not_sent"]);
  });

  it("stays the end of it where it is silent: no other region sends again", async () => {
    const { send, sendTimes } = isolate();
    await sendTimes(5, { a: NOT_SENT });
    expect(await send({ b: UNKNOWN })).toEqual(["unknown", "a:skipped", "b:unknown"]);
  });

  it("is probed after 30 s, and is back with the first success", async () => {
    const { clock, send, sendTimes } = isolate();
    await sendTimes(5, { a: NOT_SENT });
    clock.now = 30_000;
    expect(await send()).toEqual(["sent", "a:not_sent", "b:sent"]);
    clock.now = 89_999;
    expect(await send({ a: SENT })).toEqual(["sent", "a:skipped", "b:sent"]);
    clock.now = 90_000;
    expect(await send()).toEqual(["sent", "a:sent"]);
    expect(await send()).toEqual(["sent", "a:sent"]);
  });
});
