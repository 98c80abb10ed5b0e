import type { Held, Stage } from "./stage.ts";

export const CODES = 25;
export const RIGHT_GUESSES = 20;
export const CODES_FLOODED = 5;
export const WRONG_GUESSES = 200;

export interface GuessFindings {
  /** Of `RIGHT_GUESSES` right guesses at once, how many succeed; for each of `CODES` codes. */
  readonly winners: readonly number[];
  /** Of `WRONG_GUESSES` wrong guesses at once, how many are compared with the code; for each of `CODES_FLOODED` codes. */
  readonly comparedAtOnce: readonly number[];
  /** The same, one after another. */
  readonly comparedInTurn: readonly number[];
  /** Of the owners of `CODES_FLOODED` codes, how many get in after a stranger's `WRONG_GUESSES` wrong guesses in turn. */
  readonly ownersIn: number;
}

/** What guessing at one code brings, each guess from an address of its own. */
export async function measureGuesses(stage: Stage): Promise<GuessFindings> {
  return {
    winners: await repeat(CODES, () => countWinners(stage)),
    comparedAtOnce: await repeat(CODES_FLOODED, async () =>
      countCompared(stage, await stage.obtainCode(), { guesses: WRONG_GUESSES, isAtOnce: true }),
    ),
    comparedInTurn: await repeat(CODES_FLOODED, async () =>
      countCompared(stage, await stage.obtainCode(), { guesses: WRONG_GUESSES, isAtOnce: false }),
    ),
    ownersIn: (await repeat(CODES_FLOODED, () => getsInAfterStranger(stage))).filter(Boolean).length,
  };
}

async function repeat<Found>(times: number, measure: () => Promise<Found>): Promise<readonly Found[]> {
  const found: Found[] = [];
  while (found.length < times) found.push(await measure());
  return found;
}

async function countWinners(stage: Stage): Promise<number> {
  const held = await stage.obtainCode();
  const answers = await Promise.all(Array.from({ length: RIGHT_GUESSES }, () => stage.verify(held)));
  return answers.filter(({ verdict }) => verdict === "signed_in").length;
}

async function getsInAfterStranger(stage: Stage): Promise<boolean> {
  const held = await stage.obtainCode();
  await countCompared(stage, { ...held, challengeId: null }, { guesses: WRONG_GUESSES, isAtOnce: false });
  return stage.signsIn(held);
}

/** How many of so many wrong guesses are compared with the code. */
export async function countCompared(
  stage: Stage,
  held: Held,
  { guesses, isAtOnce }: { readonly guesses: number; readonly isAtOnce: boolean },
): Promise<number> {
  const seen = stage.commands.length;
  const asked = wrongGuesses(held.code, guesses).map((code) => ({ ...held, code }));
  const answers = isAtOnce ? await Promise.all(asked.map((request) => stage.verify(request))) : [];
  if (!isAtOnce) for (const request of asked) answers.push(await stage.verify(request));
  const commands = stage.commands.slice(seen);
  return stage.contender.countCompared({ phone: held.phone, answers, commands });
}

/** Codes that are all different from each other and from the right one. */
function wrongGuesses(code: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    String((Number(code) + index + 1) % 10 ** code.length).padStart(code.length, "0"),
  );
}
