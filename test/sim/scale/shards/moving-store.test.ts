import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { challengeIdOf, createProtocol, verdictOf } from "../../../harness/protocol.ts";
import { createSessions } from "../../../harness/sessions.ts";
import { HOUR, SECOND } from "../../world.ts";
import type { World } from "./moving-history.ts";
import { live, someMoments } from "./moving-history.ts";
import { createTwoHomes } from "./two-homes.ts";

const MOVES_AT = Date.UTC(2026, 10, 23, 12);
/** How far a location's clock may be off. */
const SKEW = 5 * SECOND;

describe("a subject that moves to another database", () => {
  it("keeps every promise of codes and limits, whatever happens around the move", async () => {
    const begins = fc.integer({ min: -320 * SECOND, max: 5 * SECOND });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), begins, someMoments, async (scheduler, offset, history) => {
        const hold = () => scheduler.schedule(Promise.resolve());
        await withLocations(offset, (world) => scheduler.waitFor(live(history, world)), hold);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("lets exactly one of twenty right guesses win, half of them where the move is yet to come", async () => {
    await withLocations(-SECOND, async ({ locations: [behind, ahead], time }) => {
      const challengeId = challengeIdOf(await behind.send());
      const code = behind.tried[0]?.code ?? "";
      time.now += 2 * SECOND;
      const guesses = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? behind : ahead).verify(code, { challengeId }),
      );
      const verdicts = (await Promise.all(guesses)).map(verdictOf);
      expect(verdicts.toSorted()).toEqual([...Array<string>(19).fill("used"), "verified"]);
    });
  });

  it("lets a code that a clock ahead has issued win once, also where the clock is behind", async () => {
    await withLocations(0, async ({ locations: [behind, ahead] }) => {
      const challengeId = challengeIdOf(await ahead.send());
      const code = ahead.tried[0]?.code ?? "";
      const verdicts = [
        await behind.verify(code, { challengeId }),
        await ahead.verify(code, { challengeId }),
      ];
      expect(verdicts.map(verdictOf)).toEqual(["verified", "used"]);
    });
  });

  it("has the last code of its old home replaced by the first one at the new home", async () => {
    await withLocations(-10 * SECOND, async ({ locations: [behind, ahead], time }) => {
      const challengeId = challengeIdOf(await behind.send());
      time.now += 170 * SECOND;
      const next = challengeIdOf(await ahead.send());
      const [oldCode, newCode] = [behind.tried[0]?.code ?? "", ahead.tried[0]?.code ?? ""];
      expect(verdictOf(await behind.verify(oldCode, { challengeId }))).toBe("replaced");
      expect(verdictOf(await behind.verify(oldCode))).toBe("replaced");
      expect(verdictOf(await behind.verify(newCode, { challengeId: next }))).toBe("verified");
    });
  });

  it("keeps its sessions, which end at both homes", async () => {
    const homes = await createTwoHomes(MOVES_AT);
    try {
      const sessions = await createSessions(homes, "rotate");
      homes.connect(sessions.protocol, 0);
      homes.time.now -= HOUR;
      const first = await sessions.signIn();
      homes.time.now += 30 * HOUR;
      const next = await sessions.refresh(first.tokens.refreshToken);
      const second = await sessions.signIn();
      expect(await sessions.alive()).toBe(2);
      homes.time.now += 60 * SECOND;
      await sessions.refresh(next.refreshToken);
      expect(await sessions.refusal(first.tokens.refreshToken)).toBe("token_stolen");
      expect(await sessions.alive()).toBe(1);
      await sessions.signOut({ refreshToken: second.tokens.refreshToken, everywhere: true });
      expect(await sessions.refusal(second.tokens.refreshToken)).toBe("session_ended");
    } finally {
      homes.close();
    }
  });
});

/** Begins so many milliseconds after the move. */
async function withLocations(
  offset: number,
  work: (world: World) => Promise<void>,
  hold?: () => Promise<unknown>,
): Promise<void> {
  const homes = await createTwoHomes(MOVES_AT, hold);
  const create = async (skew: number) => {
    const protocol = await createProtocol(homes);
    homes.connect(protocol, skew);
    protocol.phone = "9876543210";
    return protocol;
  };
  homes.time.now += offset;
  try {
    await work({ time: homes.time, locations: [await create(-SKEW), await create(SKEW)] });
  } finally {
    homes.close();
  }
}
