import { beforeAll, describe, expect, it, vi } from "vitest";
import { startBombers } from "./bomber.ts";
import { startGuesser, WAYS } from "./guesser.ts";
import type { GuardMode } from "./modes.ts";
import { GUARD_MODES } from "./modes.ts";
import type { Month, MonthResult } from "./month.ts";
import { openMonth, runMonth } from "./month.ts";
import { report, sumPumped } from "./report.ts";
import { DAY, WORLD } from "./world.ts";

const seed = "1";

// Nothing here waits: a month takes the processor for as long as that is shared with others.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

describe("a simulated month", () => {
  it("is the same for the same seed, and another for another", async () => {
    const tiny = { seed, days: 0.08, scale: 0.3, rings: ["burst"], policy: { guard: "enforce" } } as const;
    const first = await runMonth(tiny);
    expect(await runMonth(tiny)).toEqual(first);
    expect(await runMonth({ ...tiny, scale: 0.31 })).not.toEqual(first);
  });
});

describe("a day of honest people and a ring", () => {
  const results = new Map<GuardMode, MonthResult>();
  beforeAll(async () => {
    for (const guard of GUARD_MODES) {
      const options = { seed, days: 1.2, scale: 0.3, rings: ["steady"], policy: { guard } };
      results.set(guard, await runMonth(options));
    }
  });
  const totals = (mode: GuardMode) => {
    const result = results.get(mode);
    if (result === undefined) throw new Error(`no month with guard ${mode}`);
    return result.totals;
  };
  const pumped = (mode: GuardMode) => sumPumped(Object.values(totals(mode).rings));

  it("refuse few honest sign-ins, even in the first days, when no network is known yet", () => {
    const all = totals("enforce").honest["all"];
    expect(all?.tries).toBeGreaterThan(600);
    expect((all?.refused ?? Infinity) / (all?.tries ?? 0)).toBeLessThan(0.03);
  });

  it("stop more than 95 of 100 pumped SMS", () => {
    expect(pumped("off").sent).toBeGreaterThan(5000);
    expect(1 - pumped("enforce").sent / pumped("off").sent).toBeGreaterThan(0.95);
  });

  it("refuse nobody in shadow, and say whom they would have", () => {
    expect(totals("shadow").honest["all"]?.signedIn).toBe(totals("off").honest["all"]?.signedIn);
    expect(pumped("shadow").sent).toBe(pumped("off").sent);
    expect(pumped("shadow").held).toBeGreaterThan(0);
    expect(pumped("off").held).toBe(0);
  });

  it("are told in tables", () => {
    const tables = report(Object.fromEntries(results));
    expect(tables).toContain("guard enforce");
    expect(tables.split("\n").filter((line) => line.startsWith("|")).length).toBeGreaterThan(20);
  });
});

describe("a victim", () => {
  it("is guessed at no more than 50 times in any 24 hours, whatever the way, in three roles together", async () => {
    const { guesses } = await runOnly({ guard: "off", days: 2 }, (month) => {
      for (const [victim, way] of WAYS.entries()) startGuesser(way, victim, month);
    });
    const most = WAYS.map((way) => [way, guesses[way]?.mostPerNumber ?? 0] as const);
    expect(most.filter(([, count]) => count === 0 || count > 50)).toEqual([]);
    expect(Math.max(...most.map(([, count]) => count))).toBe(50);
  });

  it("who has proof signs in while his number is flooded, and one who has none does not", async () => {
    const { owners, bombed } = await runOnly({ guard: "off", days: 3 }, startBombers);
    expect(owners.proven).toMatchObject({ tries: 2, refused: 0 });
    expect(owners.unproven).toMatchObject({ tries: 2, refused: 2 });
    expect(bombed.most).toBe(10);
  });
});

async function runOnly(
  { guard, days }: { readonly guard: GuardMode; readonly days: number },
  start: (month: Month) => void,
) {
  const month = await openMonth({ seed, days, scale: 0, rings: [], policy: { guard } });
  try {
    start(month);
    await month.time.runUntil(WORLD.startsAt + days * DAY);
  } finally {
    month.service.close();
  }
  return month.ledger.total();
}
