import { setTimeout } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Random } from "../../../src/local/load/random.ts";
import { longestLife } from "../../../src/sessions/session.ts";
import { closedLoop } from "../../bench/closed-loop.ts";
import { openInspector } from "../../rig/inspector.ts";
import { createInbox } from "../load/inbox.ts";
import type { OpenLoopResult } from "../load/open-loop.ts";
import { openLoop } from "../load/open-loop.ts";
import { createService } from "../load/service.ts";
import type { Stand } from "../load/stand.ts";
import { createTally } from "../load/tally.ts";
import type { SoakScene } from "./course.ts";
import { drawCourse, runCourse } from "./course.ts";
import type { Sample } from "./samples.ts";
import { takeSamples } from "./samples.ts";
import type { KeysOfKind } from "./stored-keys.ts";
import { listKinds } from "./stored-keys.ts";

export interface Soaked extends SoakScene {
  readonly seconds: number;
  /** Sign-ins a second, with nothing but the answers to wait for. */
  readonly peak: number;
  readonly load: OpenLoopResult;
  readonly latencies: readonly number[];
  readonly samples: readonly Sample[];
  readonly kinds: readonly KeysOfKind[];
}

/** Short, so that what is kept for a code or a session is gone again while the soak lasts. */
export const LIFETIMES = {
  codeLifetimeSeconds: 30,
  refreshTokenSeconds: 20,
  /** However much it is used. */
  longestSessionSeconds: longestLife({ refreshTokenSeconds: 20 }),
} as const;

/** No limit of a number, and no time-out that a machine meets which has other things to do. */
export const POLICY = {
  codeLifetimeSeconds: LIFETIMES.codeLifetimeSeconds,
  resendAfterSeconds: 0,
  storeTimeoutMs: 15_000,
  smsTimeoutMs: 15_000,
} as const;

const CONCURRENCY = 16;
const WARM_UP_RUNS = 400;
const PEAK_RUNS = 1600;
const SAMPLE_SECONDS = 10;
const FEWEST_SAMPLES = 8;

/** Finds the peak, then signs people in at half of it, and looks at what memory does meanwhile. */
export async function soak(
  stand: Stand,
  { seconds, random }: { readonly seconds: number; readonly random: Random },
): Promise<Soaked> {
  const inspector = await openInspector(stand.workerd);
  const redis = new Redis(stand.redis.url, { protocol: 2 });
  try {
    const latencies: number[] = [];
    const scene = {
      service: createService(stand.client, ({ askedAt, endedAt }) => latencies.push(endedAt - askedAt)),
      inbox: createInbox(stand.upstreams),
      asked: createTally(),
      wins: createTally(),
      failures: createTally(),
    };
    const peak = await measurePeak(() =>
      runCourse({ ...scene, asked: createTally(), wins: createTally() }, drawCourse(random)),
    );
    const atPeak = latencies.length;
    let hasEnded = false;
    const isOver = () => hasEnded;
    const everyMs = 1000 * Math.min(SAMPLE_SECONDS, seconds / FEWEST_SAMPLES);
    const samples = takeSamples({ inspector, workerd: stand.workerd, redis }, { everyMs, isOver });
    const load = openLoop({ ratePerSecond: peak / 2, random, isOver }, () =>
      runCourse(scene, drawCourse(random)),
    );
    await setTimeout(1000 * seconds);
    hasEnded = true;
    const found = { load: await load, samples: await samples, kinds: await listKinds(redis) };
    return { ...scene, ...found, seconds, peak, latencies: latencies.slice(atPeak) };
  } finally {
    inspector.close();
    redis.disconnect();
  }
}

/** Sign-ins a second, so many at a time. */
async function measurePeak(signIn: () => Promise<void>): Promise<number> {
  const task = async () => {
    await signIn();
    return 0;
  };
  await closedLoop({ runs: WARM_UP_RUNS, concurrency: CONCURRENCY }, task);
  const { elapsedMs } = await closedLoop({ runs: PEAK_RUNS, concurrency: CONCURRENCY }, task);
  return (1000 * PEAK_RUNS) / elapsedMs;
}
