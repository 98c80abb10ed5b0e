import type { Phone } from "../../src/phone.ts";
import type { Origin } from "./addresses.ts";
import { pickBots } from "./addresses.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import type { Month } from "./month.ts";
import { NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import type { Role } from "./service.ts";
import { ROLES } from "./service.ts";
import { DAY, HOUR, MINUTE, SECOND, WORLD } from "./world.ts";

/**
 * The ways to get guesses. `by_id`: with the challenge ids of its own sends. `by_address`: without, from the address that
 * asked and from others. `every_way`: both. `at_once`: both, all sends and all guesses in the same moment.
 * `late`: both, the first day's guesses put off until the codes are about to expire, the next day's not. `beside_owner`:
 * both, while the owner asks for codes too, with proof, and is slow to type them.
 */
export const WAYS = ["by_id", "by_address", "every_way", "at_once", "late", "beside_owner"] as const;
export type Way = (typeof WAYS)[number];

/** One victim after the other, in each of the ways in turn. */
export async function runGuessers(month: Month): Promise<void> {
  const { time, days } = month;
  for (let victim = 0; victim < days * WORLD.guesser.perDay; victim += 1) {
    startGuesser(WAYS[victim % WAYS.length] ?? "every_way", victim, month);
    await time.sleep(DAY / WORLD.guesser.perDay);
  }
}

/** Two days at one number, in all three roles. */
export function startGuesser(way: Way, victim: number, month: Month): void {
  const { time, seed } = month;
  const chance = createChance(`${seed}/guesser/${victim}`);
  const phone = phoneIn(month.numbers.IN.pickPopular(chance), chance.below(NUMBERS_OF_A_RANGE));
  for (const role of ROLES) {
    const own = createChance(`${seed}/guesser/${victim}/${role}`);
    const of: Attack = { victim, way, phone, role, chance: own, month, ends: time.now + 2 * DAY };
    time.start(() => attack(of));
    if (way === "beside_owner") time.start(() => askSlowly(of));
  }
}

interface Attack {
  readonly victim: number;
  readonly way: Way;
  readonly phone: Phone;
  readonly role: Role;
  readonly chance: Chance;
  readonly month: Month;
  readonly ends: number;
}

/** Somebody who may have guesses on the live code. */
interface Voice {
  readonly from: Origin;
  readonly challengeId: string | null;
}

interface Asked {
  readonly voices: readonly Voice[];
  /** Until the service allows the next send. */
  readonly waitMs: number;
  /** What the code has left. */
  readonly expiresInMs: number;
}

async function attack(of: Attack): Promise<void> {
  const { month, ends, way, chance } = of;
  const { time } = month;
  const begins = time.now;
  const askers = pickBots(200, chance);
  const strangers = strangersFor(chance);
  for (let round = 0; time.now < ends; round += 1) {
    const asked = await askAll(of, askers, round);
    if (asked.voices.length > 0) {
      const isLate = way === "late" && time.now < begins + DAY - HOUR;
      const voices = [...asked.voices, ...(way === "by_id" ? [] : strangers)];
      const lastMs = asked.expiresInMs - SECOND;
      time.start(() => volleys(of, voices, isLate ? [lastMs] : [0, lastMs / 2, lastMs]));
    }
    await time.sleep(asked.waitMs);
  }
}

/** Sends, one or in a burst, each from an address of its own. What the service allowed lends voices. */
async function askAll(
  { month, phone, role, way }: Attack,
  askers: readonly Origin[],
  round: number,
): Promise<Asked> {
  const burst = way === "at_once" ? 20 : 1;
  const first = (round * burst) % askers.length;
  const froms = askers.slice(first, first + burst);
  const sends = await Promise.all(
    froms.map(async (from) => {
      const { result } = await month.service.send({ phone, role, from, isProven: false });
      return { from, result };
    }),
  );
  const voices = sends.flatMap(({ from, result }) => {
    if (!result.ok) return [];
    const byId = { from, challengeId: result.challengeId };
    const byAddress = { from, challengeId: null };
    return way === "by_id" ? [byId] : way === "by_address" ? [byAddress] : [byId, byAddress];
  });
  const waits = sends.map(({ result }) =>
    result.ok
      ? result.resendInSeconds * SECOND
      : result.refusal.reason === "over_limit"
        ? result.refusal.longest.waitMs
        : MINUTE,
  );
  const lives = sends.flatMap(({ result }) => (result.ok ? [result.expiresInSeconds * SECOND] : []));
  return { voices, waitMs: Math.max(SECOND, Math.min(...waits)), expiresInMs: Math.max(0, ...lives) };
}

async function volleys(of: Attack, voices: readonly Voice[], delays: readonly number[]): Promise<void> {
  const { time } = of.month;
  const begins = time.now;
  for (const delay of delays) {
    await time.sleepUntil(begins + delay);
    if (of.way === "at_once") await Promise.all(voices.flatMap((voice) => guessAtOnce(of, voice)));
    else for (const voice of voices) await guessInTurn(of, voice);
  }
}

/** Until it is told to stop. */
async function guessInTurn(of: Attack, voice: Voice): Promise<void> {
  for (let guess = 0; guess < WORLD.guesser.guessesEach; guess += 1) {
    if (!(await guessOnce(of, voice))) return;
  }
}

function guessAtOnce(of: Attack, voice: Voice): readonly Promise<boolean>[] {
  return Array.from({ length: WORLD.guesser.guessesEach }, () => guessOnce(of, voice));
}

/** Whether the service has looked at it. */
async function guessOnce(
  { victim, way, month, phone, role, chance }: Attack,
  voice: Voice,
): Promise<boolean> {
  const guess = String(chance.below(1_000_000)).padStart(6, "0");
  const result = await month.service.verify({ phone, role, guess, ...voice });
  const isEvaluated = result.ok || result.refusal.reason === "wrong_guess";
  if (isEvaluated) month.ledger.countGuess({ victim, way, role }, month.time.now);
  return isEvaluated;
}

/** The owner, who has proof, asks four times a day and takes four minutes. The guesser knows when. */
async function askSlowly(of: Attack): Promise<void> {
  const { phone, role, month, chance, ends } = of;
  const { time, service } = month;
  const from = { address: `owner of ${phone.e164}`, operator: "at home" };
  for (;;) {
    await time.sleep(6 * HOUR - 4 * MINUTE);
    if (time.now >= ends) return;
    const { result, code } = await service.send({ phone, role, from, isProven: true });
    time.start(() => volleys(of, strangersFor(chance), [SECOND, 100 * SECOND]));
    await time.sleep(4 * MINUTE);
    if (result.ok && code !== null)
      await service.verify({ phone, role, from, guess: code, challengeId: null });
  }
}

function strangersFor(chance: Chance): readonly Voice[] {
  return pickBots(WORLD.guesser.addresses, chance).map((from) => ({ from, challengeId: null }));
}
