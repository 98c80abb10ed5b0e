import { describe, expect, it, vi } from "vitest";
import { verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { hour, minute, outcomeOfSend, playBy, protocol, useProtocol } from "./ground.ts";

// Hundreds of guesses, which nothing waits for but a processor that others share.
vi.setConfig({ testTimeout: 120_000 });
useProtocol();

/** In both roles in turn. */
async function tenSendsInTwoRoles(): Promise<void> {
  for (let index = 0; index < 10; index += 1) {
    const role = index % 2 === 0 ? "customer" : "transporter";
    expect(await outcomeOfSend({ role, from: `198.51.100.${index}` })).toBe("sent");
    protocol.clock.now += 10 * minute;
  }
}

async function tenSendsByStrangers(): Promise<void> {
  for (let index = 0; index < 10; index += 1) {
    expect(await outcomeOfSend({ from: `198.51.100.${index}` })).toBe("sent");
    protocol.clock.now += index % 5 === 4 ? hour : minute;
  }
}

describe("ten sends by strangers", () => {
  it("leave the owner, who has proof of an earlier sign-in, three more, and strangers none", async () => {
    await tenSendsByStrangers();
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
    const code = protocol.tried.at(-1)?.code ?? "";
    expect(verdictOf(await protocol.verify(code))).toBe("verified");
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
    protocol.clock.now += minute;
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
    protocol.clock.now += minute;
    expect(await outcomeOfSend({ proven: true })).toBe("sendsPerDay");
    protocol.clock.now += 24 * hour;
    expect(await outcomeOfSend()).toBe("sent");
  });

  it("within one hour leave the owner his reserve too", async () => {
    for (let index = 0; index < 5; index += 1) {
      expect(await outcomeOfSend({ from: `198.51.100.${index}` })).toBe("sent");
      protocol.clock.now += minute;
    }
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
  });

  it("and refused ones by more of them take nothing of the reserve", async () => {
    await tenSendsByStrangers();
    for (let index = 0; index < 20; index += 1)
      expect(await outcomeOfSend({ from: "198.51.100.99" })).toBe("sendsPerDay");
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
  });
});

describe("the reserve", () => {
  it("is not touched while the owner's own sends are within the limits of all", async () => {
    for (let index = 0; index < 4; index += 1) {
      expect(await outcomeOfSend({ proven: true })).toBe("sent");
      protocol.clock.now += minute;
    }
    for (let index = 0; index < 6; index += 1) {
      await outcomeOfSend({ from: `198.51.100.${index}` });
      protocol.clock.now += hour;
    }
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    expect(await outcomeOfSend({ proven: true })).toBe("sent");
  });

  it("of none leaves everybody the limits of all", async () => {
    await playBy({ sendsPerDayReserve: 0 });
    await tenSendsByStrangers();
    expect(await outcomeOfSend({ proven: true })).toBe("sendsPerDay");
  });
});

describe("a number in two roles", () => {
  it("has one day of sends, so that roles do not add up, and its owner the reserve in each", async () => {
    await tenSendsInTwoRoles();
    expect(await outcomeOfSend({ role: "transporter" })).toBe("sendsPerDayPerNumber");
    expect(await outcomeOfSend({ role: "customer" })).toBe("sendsPerDayPerNumber");
    for (const role of ["customer", "transporter"] as const) {
      for (let index = 0; index < 3; index += 1) {
        expect(await outcomeOfSend({ role, proven: true })).toBe("sent");
        protocol.clock.now += minute;
      }
      expect(await outcomeOfSend({ role, proven: true })).toBe("sendsPerDayPerNumber");
    }
  });

  it("is told when its day allows the next, and that is when it does", async () => {
    await tenSendsInTwoRoles();
    const refused = await protocol.send();
    if (refused.ok || refused.refusal.reason !== "over_limit") throw new Error("not over a limit");
    protocol.clock.now += refused.refusal.longest.waitMs - 1;
    expect(await outcomeOfSend()).toBe("sendsPerDayPerNumber");
    protocol.clock.now += 1;
    expect(await outcomeOfSend()).toBe("sent");
  });

  it("has a day of its own in each where the policy says so, and hours and pauses of its own in any case", async () => {
    await playBy({ sendsPerDayPerNumber: 20 });
    for (let index = 0; index < 5; index += 1) {
      expect(await outcomeOfSend()).toBe("sent");
      expect(await outcomeOfSend({ role: "transporter" })).toBe("sent");
      protocol.clock.now += minute;
    }
    expect(await outcomeOfSend()).toBe("sendsPerHour");
    expect(await outcomeOfSend({ role: "transporter" })).toBe("sendsPerHour");
    protocol.clock.now += hour;
    for (let index = 0; index < 5; index += 1) {
      expect(await outcomeOfSend()).toBe("sent");
      protocol.clock.now += minute;
    }
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    expect(await outcomeOfSend({ role: "transporter" })).toBe("sent");
  });

  it("has a day of guesses without a challenge id in each, where it has one of sends", async () => {
    await playBy({ sendsPerDay: 1, sendsPerDayPerNumber: 10 });
    await outcomeOfSend();
    const code = protocol.tried.at(-1)?.code ?? "";
    expect(verdictOf(await protocol.verify(wrongGuess(code), { from: "192.0.2.2" }))).toBe("out_of_guesses");
  });

  it("lends an address that asked in one of them no guesses in the other", async () => {
    await outcomeOfSend();
    const code = protocol.tried.at(-1)?.code ?? "";
    await outcomeOfSend({ role: "transporter", from: "198.51.100.1" });
    for (let offset = 1; offset <= 5; offset += 1)
      await protocol.verify(wrongGuess(code, offset), { from: "192.0.2.2" });
    const asOther = await protocol.verify(wrongGuess(code, 6), { from: "198.51.100.1" });
    expect(verdictOf(asOther)).toBe("out_of_guesses");
  });

  it("has a day of its own in each where that is less than ten sends", async () => {
    await playBy({ sendsPerDay: 1 });
    expect(await outcomeOfSend()).toBe("sent");
    expect(await outcomeOfSend({ role: "transporter" })).toBe("sent");
    protocol.clock.now += minute;
    expect(await outcomeOfSend()).toBe("sendsPerDay");
    expect(await outcomeOfSend({ role: "transporter" })).toBe("sendsPerDay");
  });

  it("has one day of guesses without a challenge id too", async () => {
    await playBy({ sendsPerDay: 2, sendsPerDayPerNumber: 2 });
    await outcomeOfSend();
    const first = protocol.tried.at(-1)?.code ?? "";
    await outcomeOfSend({ role: "transporter", from: "198.51.100.1" });
    const second = protocol.tried.at(-1)?.code ?? "";
    const elsewhere = { from: "192.0.2.2" };
    expect(verdictOf(await protocol.verify(wrongGuess(first), elsewhere))).toBe("out_of_guesses");
    expect(verdictOf(await protocol.verify(wrongGuess(second), { ...elsewhere, role: "transporter" }))).toBe(
      "out_of_guesses",
    );
    expect(verdictOf(await protocol.verify(first))).toBe("verified");
  });
});
