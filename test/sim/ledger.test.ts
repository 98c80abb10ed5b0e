import { describe, expect, it } from "vitest";
import type { Ledger } from "./ledger.ts";
import { createLedger } from "./ledger.ts";
import { SMS_PRICES } from "./sms-prices.ts";
import type { SignInOutcome } from "./person.ts";
import { DAY, HOUR, MINUTE } from "./world.ts";

const outcome = (overrides: Partial<SignInOutcome>): SignInOutcome => ({
  signedIn: true,
  refusals: [],
  held: new Set(),
  ...overrides,
});

describe("a ledger", () => {
  it("counts as refused whoever was told no and did not sign in, and by whom", () => {
    const ledger = createLedger();
    const who = { kind: "public", country: "NP" } as const;
    ledger.countHonest(who, outcome({}));
    ledger.countHonest(who, outcome({ signedIn: false }));
    ledger.countHonest(who, outcome({ refusals: ["guard"] }));
    ledger.countHonest(who, outcome({ refusals: ["guard", "guard", "sendsPerHour"], signedIn: false }));
    ledger.countHonest(who, outcome({ refusals: ["resendAfterSeconds"], signedIn: false }));
    const { honest, reasons } = ledger.total();
    expect(honest["NP"]).toMatchObject({ tries: 5, signedIn: 2, refused: 2, everRefused: 3 });
    expect(honest["NP"]).toMatchObject({ refusedByGuard: 1, everRefusedByGuard: 2 });
    expect(honest["all"]).toEqual(honest["NP"]);
    expect(reasons).toEqual({ guard: 1, sendsPerHour: 1, resendAfterSeconds: 1 });
  });

  it("counts guesses in the fullest span of 24 hours, of one role and of all roles of a number", () => {
    const ledger = createLedger();
    const guess = (role: "customer" | "driver", victim: number, at: number) =>
      ledger.countGuess({ victim, way: "late", role }, at);
    for (const at of [0, 23 * HOUR, DAY - 1, DAY, DAY + MINUTE]) guess("customer", 1, at);
    guess("driver", 1, DAY);
    guess("customer", 2, DAY);
    expect(ledger.total().guesses).toEqual({ late: { mostPerRole: 4, mostPerNumber: 5 } });
  });

  it("counts what pumped SMS cost, and none of those that were held", () => {
    const ledger: Ledger = createLedger();
    const held = { ok: false, refusal: { reason: "in_progress", waitMs: 1 } } as const;
    const sent = {
      ok: true,
      delivery: "accepted",
      challengeId: "",
      expiresInSeconds: 1,
      standings: [],
      resendInSeconds: 1,
    } as const;
    ledger.countPumped({ ring: "r", country: "NP" }, { result: sent, code: "1", held: null });
    ledger.countPumped({ ring: "r", country: "NP" }, { result: held, code: null, held: "country" });
    expect(ledger.total().rings["r"]).toEqual({ tried: 2, sent: 1, held: 1, dollars: SMS_PRICES.NP.sns });
  });
});
