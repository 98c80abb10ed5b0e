import { describe, expect, it } from "vitest";
import { challengeIdOf, createProtocol, verdictOf } from "../../harness/protocol.ts";
import { lastCode, minute, playBy, protocol, second, stranger, upstreams, useProtocol } from "./ground.ts";

useProtocol();

describe("the limits of a subject", () => {
  it("allow five sends an hour, and the sixth when the first is an hour old", async () => {
    const started = protocol.clock.now;
    for (let index = 0; index < 5; index += 1) {
      expect((await protocol.send()).ok).toBe(true);
      protocol.clock.now += minute;
    }
    expect(await protocol.send()).toMatchObject({
      refusal: { reason: "over_limit", longest: { limit: "sendsPerHour", waitMs: 55 * minute } },
    });
    protocol.clock.now = started + 60 * minute - 1;
    expect((await protocol.send()).ok).toBe(false);
    protocol.clock.now = started + 60 * minute;
    expect((await protocol.send()).ok).toBe(true);
  });

  it("tell after the last send of an hour how long the next one takes", async () => {
    for (let index = 0; index < 4; index += 1) {
      expect(await protocol.send()).toMatchObject({ resendInSeconds: 30 });
      protocol.clock.now += minute;
    }
    expect(await protocol.send()).toMatchObject({ ok: true, resendInSeconds: 56 * 60 });
  });

  it("allow ten sends a day", async () => {
    for (let index = 0; index < 10; index += 1) {
      expect((await protocol.send()).ok).toBe(true);
      protocol.clock.now += 20 * minute;
    }
    expect(await protocol.send()).toMatchObject({ refusal: { longest: { limit: "sendsPerDay" } } });
  });

  it("count a refused or failed send as if it had never been", async () => {
    protocol.smsOutcomes.push("rejected", "unavailable");
    expect(await protocol.send()).toMatchObject({ refusal: { reason: "sms_rejected" } });
    expect(await protocol.send()).toMatchObject({ refusal: { reason: "sms_unavailable" } });
    expect((await protocol.send()).ok).toBe(true);
    expect(await protocol.send()).toMatchObject({ refusal: { longest: { limit: "resendAfterSeconds" } } });
    protocol.clock.now += 30 * second;
    expect((await protocol.send()).ok).toBe(true);
  });

  it("keep a send whose SMS may be on its way, and its code", async () => {
    protocol.smsOutcomes.push("unknown");
    const sent = await protocol.send();
    expect(sent).toMatchObject({ ok: true, delivery: "unconfirmed" });
    expect((await protocol.send()).ok).toBe(false);
    expect(verdictOf(await protocol.verify(lastCode(), { challengeId: challengeIdOf(sent) }))).toBe(
      "verified",
    );
  });
});

describe("the budgets", () => {
  it("of an address, a country and a day refuse by name, and count back what they refused", async () => {
    const policies = [
      [{ sendsPerHourPerIp: 1 }, "sendsPerHourPerIp"],
      [{ smsPerDayPerCountry: { IN: 0 } }, "smsPerDayPerCountry"],
      [{ smsPerDay: 0 }, "smsPerDay"],
    ] as const;
    for (const [policy, limit] of policies) {
      const from = `192.0.2.${limit.length}`;
      const limited = await createProtocol(upstreams, { ...policy, resendAfterSeconds: 0 });
      if (limit === "sendsPerHourPerIp") expect((await limited.send({ from })).ok).toBe(true);
      for (let index = 0; index < 3; index += 1) {
        expect(await limited.send({ from })).toMatchObject({ refusal: { longest: { limit } } });
      }
      expect(limited.tried.length).toBe(limit === "sendsPerHourPerIp" ? 1 : 0);
    }
  });

  it("of verifies without a challenge id refuse by name", async () => {
    const limited = await createProtocol(upstreams, { verifiesPerHourPerIp: 2 });
    const from = "192.0.2.150";
    await limited.send({ from });
    await limited.verify("000000", { from });
    await limited.verify("000001", { from });
    expect(await limited.verify("000002", { from })).toMatchObject({
      refusal: { reason: "over_limit", longest: { limit: "verifiesPerHourPerIp" } },
    });
  });
});

describe("a send that SNS refuses", () => {
  it("costs the person nothing, and stays counted at its address", async () => {
    await playBy({ sendsPerHourPerIp: 3 });
    protocol.smsOutcomes.push(...Array<"rejected">(4).fill("rejected"));
    for (let index = 0; index < 3; index += 1)
      expect(await protocol.send({ from: "192.0.2.200" })).toMatchObject({
        refusal: { reason: "sms_rejected" },
      });
    const longest = { limit: "sendsPerHourPerIp" };
    expect(await protocol.send({ from: "192.0.2.200" })).toMatchObject({ refusal: { longest } });
    expect(protocol.tried).toHaveLength(3);
    protocol.smsOutcomes.length = 0;
    expect((await protocol.send({ from: "192.0.2.201" })).ok).toBe(true);
  });
});

describe("a log that is full of sends whose withdrawal never came", () => {
  it("is swept, so that the owner is not kept out", async () => {
    await protocol.send();
    upstreams.store.plan(({ body }) => (body.includes('"zrem"') ? "drop_before" : "pass"));
    for (let index = 0; index < 70; index += 1)
      expect((await protocol.send({ from: stranger }).catch(() => null))?.ok ?? false).toBe(false);
    upstreams.store.plan(() => "pass");
    protocol.clock.now += 31 * second;
    await expect(protocol.send()).rejects.toMatchObject({ name: "StoreUnavailable" });
    expect((await protocol.send()).ok).toBe(true);
  });

  it("is swept of what is past too, and of nothing that a limit still looks at", async () => {
    const key = `log:${await protocol.identity.phoneId(`+91${protocol.phone}`)}`;
    const logged = () => upstreams.backend.single(["ZCARD", key]);
    await protocol.send();
    protocol.clock.now += 86_400 * second + 300 * second - 1;
    await protocol.send();
    expect(await logged()).toEqual({ result: 2 });
    protocol.clock.now += 31 * second;
    await protocol.send();
    expect(await logged()).toEqual({ result: 2 });
  });
});
