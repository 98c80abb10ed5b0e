import { setTimeout as wait } from "node:timers/promises";
import { createClient, type Target } from "./client.ts";
import { JOURNEYS, PUMPING } from "./journeys.ts";
import { createPerson, type Crowd } from "./person.ts";
import { createRandom } from "./random.ts";
import type { Report } from "./report.ts";

export interface CrowdOptions {
  readonly target: Target;
  readonly crowd: Crowd;
  readonly seed: number;
  /** People that begin in a second, in the long run. */
  readonly rate: number;
  readonly seconds: number;
  /** Whether somebody tries to earn by SMS, too. */
  readonly isPumped: boolean;
  /** 1 is as people are, less is faster. */
  readonly pace?: number;
  readonly report: Report;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Called when nobody new comes any more. */
  readonly onLast?: (stillHere: number) => void;
}

/** How long those who are on their way may take to finish. */
const PATIENCE_MS = 60_000;
/** The crowd swells and ebbs by a third. */
const WAVE_MS = 45_000;
const WAVE_HEIGHT = 0.35;

/** Lets people come as they come, whatever the service does: nobody waits for somebody else's answer. */
export async function runCrowd(options: CrowdOptions): Promise<void> {
  const { seed, rate, seconds, pace = 1, signal, onLast } = options;
  const arrivals = createRandom(seed);
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const here = new Set<Promise<unknown>>();
  const startedAt = performance.now();
  let dueMs = 0;
  for (let number = 1; !signal.aborted; number += 1) {
    const wave = 1 + WAVE_HEIGHT * Math.sin((2 * Math.PI * dueMs) / WAVE_MS);
    dueMs += arrivals.untilNextMs(rate * wave);
    if (dueMs > seconds * 1000) break;
    await pause(dueMs - (performance.now() - startedAt), signal);
    const visit = runVisit(number, options, ended).finally(() => here.delete(visit));
    here.add(visit);
  }
  onLast?.(here.size);
  const patience = pause(PATIENCE_MS * pace, ended);
  await Promise.race([Promise.all(here), patience]);
  over.abort();
  await Promise.all(here);
}

/** One person's journey, which depends on the seed and the number of the person alone. */
async function runVisit(number: number, options: CrowdOptions, ended: AbortSignal): Promise<void> {
  const { target, crowd, seed, isPumped, pace = 1, report } = options;
  const random = createRandom(seed + Math.imul(number, 0x9e3779b9));
  const [first, ...others] = JOURNEYS;
  const journey = random.pickByShare(isPumped ? [first, ...others, PUMPING] : [first, ...others]);
  const after = (ms: number) => wait(ms * pace, undefined, { signal: ended });
  const visit = {
    person: createPerson(crowd, random),
    client: createClient(target, report),
    random,
    wait: after,
    think: (medianMs: number) => after(random.aroundMs(medianMs)),
  };
  try {
    await journey.run(visit);
  } catch {
    // The run is over, or the inbox does not answer: this person goes home.
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return;
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
