import { countCompared } from "./guesses.ts";
import type { Stage } from "./stage.ts";

export const RESENDS = 10;
export const SENDS = 30;
export const GUESSES_EACH = 10;

export interface ResendFindings {
  /** Of `RESENDS` resends, after how many the code of the first SMS still signs in. */
  readonly firstCodes: number;
  /** Wrong guesses that are compared at one number, with `SENDS` sends and `GUESSES_EACH` guesses after each. */
  readonly compared: number;
}

/** What a second SMS does to the first, and to the guesses. */
export async function measureResend(stage: Stage): Promise<ResendFindings> {
  return { firstCodes: await countFirstCodes(stage), compared: await countComparedThrough(stage) };
}

async function countFirstCodes(stage: Stage): Promise<number> {
  let works = 0;
  for (let round = 0; round < RESENDS; round += 1) {
    const first = await stage.obtainCode();
    const second = await stage.obtainCode({ phone: first.phone });
    works += (await stage.signsIn({ ...second, code: first.code })) ? 1 : 0;
  }
  return works;
}

async function countComparedThrough(stage: Stage): Promise<number> {
  let held = await stage.obtainCode();
  let compared = 0;
  for (let sent = 1; sent <= SENDS; sent += 1) {
    compared += await countCompared(stage, held, { guesses: GUESSES_EACH, isAtOnce: false });
    const { challengeId } = await stage.contender.send(stage.client, { phone: held.phone });
    held = { ...held, challengeId: challengeId ?? held.challengeId };
  }
  return compared;
}
