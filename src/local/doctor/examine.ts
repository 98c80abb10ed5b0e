import { setTimeout } from "node:timers/promises";
import { about, type Finding } from "./finding.ts";

export interface Check {
  readonly id: string;
  /** Checks, earlier in the list, without which this one could say nothing. */
  readonly needs?: readonly string[];
  run(says: ReturnType<typeof about>): Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;
}

/** Longer than any check can take by its own time-outs. */
const CHECK_LIMIT_MS = 60_000;

/** Runs the checks one by one, in their order. Each says something, and none holds the next up for ever. */
export async function* examine(
  checks: readonly Check[],
  limitMs = CHECK_LIMIT_MS,
): AsyncGenerator<Finding, void> {
  const failed = new Set<string>();
  for (const check of checks) {
    const missing = check.needs?.find((id) => failed.has(id));
    const findings = missing === undefined ? await runCheck(check, limitMs) : [notTried(check.id, missing)];
    // What a check tells beside its own subject has an id of its own.
    const isWell = findings.every(
      ({ id, status }) => id !== check.id || status === "ok" || status === "warn",
    );
    if (!isWell) failed.add(check.id);
    yield* findings;
  }
}

async function runCheck(check: Check, limitMs: number): Promise<readonly Finding[]> {
  const says = about(check.id);
  const ended = new AbortController();
  try {
    const found = await Promise.race([
      check.run(says),
      setTimeout(limitMs, null, { signal: ended.signal, ref: false }),
    ]);
    if (found !== null) return "id" in found ? [found] : found;
    return [says.fail(`No end after ${limitMs / 1000} s.`, "Look at the network of this machine.")];
  } catch (error) {
    // A name alone: a message could quote what it failed on.
    const name = error instanceof Error ? error.name : "not an Error";
    return [says.fail(`The check broke off (${name}).`, "That is a fault of the doctor's own: report it.")];
  } finally {
    ended.abort();
  }
}

function notTried(id: string, missing: string): Finding {
  return about(id).skipped(`Not tried, for want of ${missing}.`, `First mend ${missing}.`);
}
