import { beforeEach, describe, expect, it } from "vitest";
import { verdictOf } from "../../harness/protocol.ts";
import { wrongGuess } from "../../harness/service.ts";
import { lastCode, outcomeOfSend, playBy, protocol, upstreams, useProtocol } from "./ground.ts";

useProtocol();

const stranger = { from: "203.0.113.77" };
const isClaim = (body: string) => /"zadd","guess:/.test(body);
const takesGuessBack = (body: string) => /"zrem","guess:/.test(body);
const takesPlaceBack = (body: string) => /"zrem","log:/.test(body) && !body.includes('"decr"');

type Gate = ReturnType<typeof Promise.withResolvers<void>>;

/** Holds requests to the store until they are let through. */
function hold(...kinds: readonly ((body: string) => boolean)[]): readonly (readonly Gate[])[] {
  const held = kinds.map((): Gate[] => []);
  upstreams.store.plan(({ body }) => {
    const index = kinds.findIndex((isKind) => isKind(body));
    if (index === -1) return "pass";
    const gate = Promise.withResolvers<void>();
    held[index]?.push(gate);
    return { after: gate.promise };
  });
  return held;
}

/** Guesses of strangers, all of whom have read that a place is left; their verdicts as they come. */
function guess(count: number): { readonly verdicts: string[]; readonly all: Promise<unknown> } {
  const verdicts: string[] = [];
  const all = Array.from({ length: count }, async (_, index) => {
    verdicts.push(verdictOf(await protocol.verify(wrongGuess(lastCode(), index + 1), stranger)));
  });
  return { verdicts, all: Promise.all(all) };
}

/** A send that no region takes, and what happens while it stands in the log. */
async function failToSend(meanwhile: () => Promise<void>): Promise<void> {
  protocol.smsOutcomes.push("unavailable");
  protocol.beforeSms = meanwhile;
  expect(await outcomeOfSend({ from: "198.51.100.200" })).toBe("sms_unavailable");
  protocol.beforeSms = () => Promise.resolve();
}

describe("the day's last place, claimed while a send runs that fails", () => {
  beforeEach(async () => {
    await playBy({ resendAfterSeconds: 0, sendsPerHour: 20 });
    for (let index = 0; index < 9; index += 1)
      expect(await outcomeOfSend({ from: `198.51.100.${index}` })).toBe("sent");
  });

  it("is left where nobody was evaluated in it", async () => {
    const [claims = []] = hold(isClaim);
    const { verdicts, all } = guess(1);
    await expect.poll(() => claims.length).toBe(1);
    await failToSend(async () => {
      claims[0]?.resolve();
      await all;
    });
    upstreams.store.reset();
    expect(verdicts).toEqual(["out_of_guesses"]);
    expect(await outcomeOfSend({ from: "198.51.100.201" })).toBe("sent");
  });

  it("stays taken where others of the same holder are evaluated before it is taken back", async () => {
    const [claims = [], guesses = [], places = []] = hold(isClaim, takesGuessBack, takesPlaceBack);
    const { verdicts, all } = guess(4);
    await expect.poll(() => claims.length).toBe(4);
    await failToSend(async () => {
      claims[0]?.resolve();
      await expect.poll(() => guesses.length).toBe(1);
    });
    for (const claim of claims) claim.resolve();
    await expect.poll(() => verdicts).toEqual(Array(3).fill("wrong_guess"));
    for (const release of guesses) release.resolve();
    await all;
    expect(places).toEqual([]);
    upstreams.store.reset();
    expect(await outcomeOfSend({ from: "198.51.100.201" })).toBe("sendsPerDay");
  });

  it("is taken again where another is evaluated while it is taken back", async () => {
    const [claims = [], releases = []] = hold(isClaim, takesPlaceBack);
    const { verdicts, all } = guess(2);
    await expect.poll(() => claims.length).toBe(2);
    await failToSend(async () => {
      claims[0]?.resolve();
      await expect.poll(() => releases.length).toBe(1);
    });
    for (const claim of claims) claim.resolve();
    await expect.poll(() => verdicts).toEqual(["wrong_guess"]);
    for (const release of releases) release.resolve();
    upstreams.store.reset();
    await all;
    expect(await outcomeOfSend({ from: "198.51.100.201" })).toBe("sendsPerDay");
  });

  it("leaves its asker the guesses of his own send, which count for it when it fails too", async () => {
    const asker = { from: "198.51.100.200" };
    await playBy({ resendAfterSeconds: 0, sendsPerHour: 20 });
    for (let index = 0; index < 8; index += 1)
      expect(await outcomeOfSend({ from: `198.51.100.${index}` })).toBe("sent");
    await failToSend(async () => {
      const [claims = []] = hold(isClaim);
      const own = protocol.verify(wrongGuess(lastCode(), 9), asker);
      await expect.poll(() => claims.length).toBe(1);
      upstreams.store.plan(() => "pass");
      const { verdicts, all } = guess(1);
      await all;
      claims[0]?.resolve();
      expect([...verdicts, verdictOf(await own)]).toEqual(["wrong_guess", "wrong_guess"]);
    });
    expect(await outcomeOfSend({ from: "198.51.100.201" })).toBe("sendsPerDay");
  });
});
