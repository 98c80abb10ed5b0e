import * as fc from "fast-check";
import { parseSigningKeys } from "../../src/tokens/keys.ts";
import { createBindings } from "../harness/bindings.ts";
import { BrokenPromise } from "./broken-promise.ts";
import type { Ground } from "./ground.ts";
import { embeddedGround } from "./ground.ts";
import { playHistory } from "./play.ts";
import { histories } from "./histories.ts";
import type { Clocks } from "./settings.ts";
import type { History } from "./step.ts";
import { tellStep } from "./step.ts";
import { installInstantCrypto } from "./system/instant-crypto.ts";
import type { Parts } from "./system/system.ts";
import type { Totals } from "./totals.ts";
import { createTotals } from "./totals.ts";

export interface CheckOptions {
  readonly seed: number;
  /** Histories. */
  readonly runs: number;
  /** The most of one history. */
  readonly steps: number;
  /** In the place of the service's own. */
  readonly parts?: Parts;
  /** A store and a clock for each history; an embedded one unless told. */
  readonly openGround?: () => Promise<Ground>;
  /** Of the locations that callers meet; in step unless told. */
  readonly clocks?: Clocks;
  /** The longest that a clock jumps, in seconds. */
  readonly longestWait?: number;
  /** Whether the first failure is told as it is, which is quicker. */
  readonly isFirstEnough?: boolean;
}

export interface Finding {
  /** The shortest history that was found, and what it breaks. */
  readonly history: History;
  readonly broken: string;
  /** Histories up to the first that broke something. */
  readonly runs: number;
}

export interface Checked {
  readonly totals: Totals;
  readonly finding: Finding | null;
}

/** So that one seed has one history. */
const SECRETS = {
  ID_SECRET: Buffer.alloc(32, "id").toString("base64url"),
  OTP_SECRET: Buffer.alloc(32, "otp").toString("base64url"),
} as const;

/** Plays random histories, the same for the same seed, and shrinks the first that breaks a promise. */
export async function checkModel(options: CheckOptions): Promise<Checked> {
  const { seed, runs, steps, longestWait = Infinity, isFirstEnough = false } = options;
  return withPlayer(options, async (play, totals) => {
    const property = fc.asyncProperty(histories({ mostSteps: steps, longestWait }), play);
    const details = await fc.check(property, { seed, numRuns: runs, endOnFailure: isFirstEnough });
    return { totals, finding: findingOf(details) };
  });
}

/** Plays one history. Throws `BrokenPromise`. */
export async function replay(history: History, clocks: Clocks = "inStep"): Promise<void> {
  await withPlayer({ clocks }, async (play) => play(history));
}

async function withPlayer<T>(
  {
    parts = {},
    clocks = "inStep",
    openGround = embeddedGround,
  }: Pick<CheckOptions, "parts" | "clocks" | "openGround">,
  run: (play: (history: History) => Promise<void>, totals: Totals) => Promise<T>,
): Promise<T> {
  const bindings: Readonly<Record<string, string>> = { ...(await createBindings()), ...SECRETS };
  const totals = createTotals();
  const putCryptoBack = installInstantCrypto();
  try {
    const signingKeys = await parseSigningKeys(bindings["SIGNING_KEYS"]);
    if ("wants" in signingKeys) throw new Error(signingKeys.wants);
    return await run(async (history) => {
      const ground = await openGround();
      try {
        await playHistory(history, { ...ground, clocks, bindings, signingKeys, parts, totals });
      } finally {
        await ground.clear();
      }
    }, totals);
  } finally {
    putCryptoBack();
  }
}

function findingOf({ counterexample, errorInstance, numRuns }: fc.RunDetails<[History]>): Finding | null {
  const [history] = counterexample ?? [];
  if (history === undefined) return null;
  if (!(errorInstance instanceof BrokenPromise))
    return { history, broken: stackOf(errorInstance), runs: numRuns };
  const played = { ...history, steps: history.steps.slice(0, errorInstance.steps) };
  return { history: played, broken: errorInstance.message, runs: numRuns };
}

/** Of a fault in the checker, or a bug of the service that no route has named. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** In lines that a person can follow by hand. */
export function tellFinding({ history, broken, runs }: Finding): string {
  const lines = history.steps.map((step, index) => `  ${index + 1}. ${tellStep(step)}`);
  const title = `Broken after ${runs} histories. The shortest, with the policy "${history.policy}":`;
  return [title, ...lines, `At ${broken}`].join("\n");
}
