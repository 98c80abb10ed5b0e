import fc from "fast-check";
import { expect } from "vitest";
import type { Protocol } from "../../../harness/protocol.ts";
import { verdictOf } from "../../../harness/protocol.ts";
import { wrongGuess } from "../../../harness/service.ts";
import { HOUR, SECOND } from "../../world.ts";

/** One person at two locations. */
export interface World {
  readonly time: { now: number };
  /** The clock of the first is behind, that of the second ahead. */
  readonly locations: readonly [Protocol, Protocol];
}

interface Action {
  readonly location: number;
  readonly does: "sends" | "verifies" | "verifies by address" | "guesses wrong" | "guesses wrong by address";
  /** Which of the SMS so far, the newest being 0. */
  readonly sms: number;
}

export interface Moment {
  readonly waitMs: number;
  /** All at once. */
  readonly actions: readonly Action[];
}

/** What one person does, and others with his number. */
export const someMoments = fc.array(
  fc.record({
    waitMs: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 3 * SECOND }) },
      { weight: 3, arbitrary: fc.integer({ min: 0, max: 160 * SECOND }) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 26 * HOUR }) },
    ),
    actions: fc.array(
      fc.record({
        location: fc.integer({ min: 0, max: 1 }),
        does: fc.constantFrom<Action["does"]>(
          "sends",
          "sends",
          "verifies",
          "verifies",
          "verifies by address",
          "guesses wrong",
          "guesses wrong by address",
        ),
        sms: fc.integer({ min: 0, max: 2 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  }),
  { minLength: 2, maxLength: 8 },
);

/** What happened to one person. */
interface History {
  readonly sms: { readonly code: string; readonly challengeId: string; readonly at: number }[];
  readonly signIns: string[];
  /** When a wrong guess was evaluated. */
  readonly wrong: number[];
}

/** Lives it, and expects what is promised to have held. */
export async function live(moments: readonly Moment[], homes: World): Promise<void> {
  const happened: History = { sms: [], signIns: [], wrong: [] };
  for (const { waitMs, actions } of moments) {
    homes.time.now += waitMs;
    const before = { sms: happened.sms.at(-1), signIns: [...happened.signIns] };
    const verdicts = await Promise.all(actions.map((action) => act(action, homes, happened)));
    if (actions.length === 1) judgeAlone(verdicts[0] ?? null, before, homes.time.now);
  }
  expect(new Set(happened.signIns).size).toBe(happened.signIns.length);
  const sentAt = happened.sms.map(({ at }) => at);
  const gaps = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
  expect(Math.min(Infinity, ...gaps)).toBeGreaterThanOrEqual(20 * SECOND);
  expect(mostWithin(sentAt, HOUR - 10 * SECOND)).toBeLessThanOrEqual(5);
  expect(mostWithin(sentAt, 24 * HOUR - 10 * SECOND)).toBeLessThanOrEqual(10);
  expect(mostWithin(happened.wrong, 24 * HOUR - 10 * SECOND)).toBeLessThanOrEqual(50);
  await signInAtLast(homes, happened);
}

interface Guessed {
  readonly code: string;
  readonly isRight: boolean;
  readonly verdict: string;
}

/** With nothing else going on, the newest code works once, and no other one does. */
function judgeAlone(
  guessed: Guessed | null,
  { sms, signIns }: { readonly sms: History["sms"][number] | undefined; readonly signIns: readonly string[] },
  now: number,
): void {
  if (guessed === null || sms === undefined || !guessed.isRight) return;
  if (guessed.code !== sms.code) expect(guessed.verdict).not.toBe("verified");
  else if (now < sms.at + 130 * SECOND && !signIns.includes(sms.code))
    expect(["verified", "out_of_guesses"]).toContain(guessed.verdict);
}

/** Null for a send. */
async function act(
  { location, does, sms }: Action,
  homes: World,
  happened: History,
): Promise<Guessed | null> {
  const protocol = homes.locations[location];
  if (protocol === undefined) throw new Error("no such location");
  if (does === "sends") {
    await send(protocol, homes, happened);
    return null;
  }
  const chosen = happened.sms.at(-1 - sms);
  if (chosen === undefined) return null;
  const isRight = does.startsWith("verifies");
  const by = does.endsWith("by address") ? {} : { challengeId: chosen.challengeId };
  const guess = isRight ? chosen.code : wrongGuess(chosen.code, 1 + happened.wrong.length);
  const verdict = verdictOf(await protocol.verify(guess, by));
  if (verdict === "verified") happened.signIns.push(chosen.code);
  if (verdict === "wrong_guess") happened.wrong.push(homes.time.now);
  return { code: chosen.code, isRight, verdict };
}

async function send(protocol: Protocol, homes: World, happened: History): Promise<void> {
  const tried = protocol.tried.length;
  const result = await protocol.send();
  const code = protocol.tried[tried]?.code;
  if (!result.ok || code === undefined) return;
  happened.sms.push({ code, challengeId: result.challengeId, at: homes.time.now });
}

/** Whatever happened, the next SMS that is allowed signs its owner in, at the other location. */
async function signInAtLast({ time, locations }: World, { signIns }: History): Promise<void> {
  const [here, there] = locations;
  time.now += 25 * HOUR;
  const result = await here.send();
  const code = here.tried.at(-1)?.code ?? "";
  const challengeId = result.ok ? result.challengeId : "";
  expect(signIns).not.toContain(code);
  expect(verdictOf(await there.verify(code, { challengeId }))).toBe("verified");
  expect(verdictOf(await here.verify(code, { challengeId }))).toBe("used");
}

function mostWithin(times: readonly number[], span: number): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + span).length));
}
