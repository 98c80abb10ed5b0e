import type { Contender } from "./contender.ts";
import type { DumpFindings } from "./correctness/dump.ts";
import { measureDump } from "./correctness/dump.ts";
import type { GuessFindings } from "./correctness/guesses.ts";
import { measureGuesses } from "./correctness/guesses.ts";
import type { LimitFindings } from "./correctness/limits.ts";
import { measureLimits } from "./correctness/limits.ts";
import type { LostReplies } from "./correctness/lost-replies.ts";
import { measureLostReplies } from "./correctness/lost-replies.ts";
import type { Overlaps } from "./correctness/overlaps.ts";
import { measureOverlaps } from "./correctness/overlaps.ts";
import type { ResendFindings } from "./correctness/resend.ts";
import { measureResend } from "./correctness/resend.ts";
import type { SmsFindings } from "./correctness/sms-faults.ts";
import { measureSmsFaults } from "./correctness/sms-faults.ts";
import type { StageOptions } from "./correctness/stage.ts";
import { onStage } from "./correctness/stage.ts";
import type { DownFindings } from "./correctness/store-faults.ts";
import { measureStoreDown } from "./correctness/store-faults.ts";

/** What one contender does where it matters, all of it measured. */
export interface Correctness {
  readonly name: string;
  readonly dump: DumpFindings;
  readonly guesses: GuessFindings;
  readonly resend: ResendFindings;
  readonly overlaps: Overlaps;
  readonly lostReplies: LostReplies;
  readonly limits: LimitFindings;
  readonly sms: SmsFindings;
  readonly storeDown: DownFindings;
}

/** Takes some minutes, since nobody but a person with patience ends a request that has no time-out. */
export async function measureCorrectness(
  contender: Contender,
  built: Omit<StageOptions, "isDirect">,
): Promise<Correctness> {
  const direct = await onStage(contender, { ...built, isDirect: true }, async (stage) => ({
    dump: await measureDump(stage),
    guesses: await measureGuesses(stage),
  }));
  const failing = await onStage(contender, { ...built, isDirect: false }, async (stage) => ({
    resend: await measureResend(stage),
    overlaps: await measureOverlaps(stage),
    lostReplies: await measureLostReplies(stage),
    limits: await measureLimits(stage),
    sms: await measureSmsFaults(stage),
    storeDown: await measureStoreDown(stage),
  }));
  return { name: contender.name, ...direct, ...failing };
}
