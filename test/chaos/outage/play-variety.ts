import { setTimeout } from "node:timers/promises";
import type { Random } from "../../../src/local/load/random.ts";
import { createRandom } from "../../../src/local/load/random.ts";
import type { ChaosOptions } from "../parts.ts";
import { createInbox } from "../load/inbox.ts";
import { openLoop } from "../load/open-loop.ts";
import type { Answer } from "../load/service.ts";
import { createService } from "../load/service.ts";
import type { Stand } from "../load/stand.ts";
import { onStand } from "../load/stand.ts";
import { createTally } from "../load/tally.ts";
import { judgeAnswer, STORE_TIMEOUT_MS } from "./judge-answers.ts";
import type { Scene } from "./scene.ts";
import type { SignIn } from "./sign-in.ts";
import { signIn, thinkFor } from "./sign-in.ts";
import { createTimeline } from "./timeline.ts";
import type { Variety } from "./variety.ts";

export interface Played extends Pick<Scene, "variety" | "timeline" | "failures"> {
  readonly answers: readonly Answer[];
  /** Those who came while it lasted, and those who held a code when it began. */
  readonly crowd: readonly SignIn[];
  readonly holders: readonly SignIn[];
  readonly sms: number;
}

const RATE_PER_SECOND = 20;
const BEFORE_MS = 4000;
/** For those who ask for a code just before to have it. */
const SENDING_MS = 1000;
const AFTER_MS = 6000;
const HOLDERS = 40;
const HOLDERS_PAUSE_MS = 50;
const MOST_THINKING_MS = 3000;
const PROBE_MS = 50;

/** One outage under load, from a quiet beginning to the last sign-in. */
export async function playVariety(
  variety: Variety,
  { module, directory, seed }: ChaosOptions,
): Promise<Played> {
  const policy = { storeTimeoutMs: STORE_TIMEOUT_MS, resendAfterSeconds: 10 };
  const options = { module, directory, policy, refreshTokenSeconds: 86_400 };
  return onStand({ ...options, isDurable: true, isInspected: false }, async (stand) => {
    const answers: Answer[] = [];
    const scene: Scene = {
      variety,
      service: createService(stand.client, (answer) => answers.push(answer)),
      inbox: createInbox(stand.upstreams),
      timeline: createTimeline(),
      failures: createTally(),
    };
    const over = new AbortController();
    const crowd = bringCrowd(scene, { random: createRandom(seed), over: over.signal });
    const probes = probe(scene, over.signal);
    await setTimeout(BEFORE_MS);
    const back = Promise.withResolvers<void>();
    const holders = bringHolders(scene, back.promise);
    await setTimeout(SENDING_MS);
    await takeAway(scene, stand);
    back.resolve();
    await setTimeout(AFTER_MS);
    over.abort();
    await probes;
    const people = { crowd: await crowd, holders: await holders };
    const sms = await countSms(scene, [...people.crowd, ...people.holders]);
    judgeAnswers(scene, answers);
    return { ...scene, answers, ...people, sms };
  });
}

interface CrowdOptions {
  readonly random: Random;
  readonly over: AbortSignal;
}

async function bringCrowd(scene: Scene, { random, over }: CrowdOptions): Promise<readonly SignIn[]> {
  const crowd: SignIn[] = [];
  const isOver = () => over.aborted;
  await openLoop({ ratePerSecond: RATE_PER_SECOND, random, isOver }, async () => {
    const manner = {
      isKeyed: random.next() < 0.5,
      hasChallenge: random.next() < 0.75,
      think: thinkFor(random.below(MOST_THINKING_MS)),
    };
    crowd.push(await signIn(scene, { ...manner, callers: 1 }));
  });
  return crowd;
}

/** They type their codes when it is over, one after another. */
function bringHolders(scene: Scene, back: Promise<void>): Promise<readonly SignIn[]> {
  const people = Array.from({ length: HOLDERS }, (_, index) => {
    const wait = thinkFor(index * HOLDERS_PAUSE_MS);
    const think = () => back.then(wait);
    return signIn(scene, { isKeyed: true, hasChallenge: true, callers: 2, think });
  });
  return Promise.all(people);
}

async function takeAway({ variety, timeline }: Scene, stand: Stand): Promise<void> {
  timeline.struckAt = performance.now();
  await variety.strike(stand);
  timeline.goneAt = performance.now();
  await setTimeout(1000 * variety.seconds);
  timeline.backAt = performance.now();
  await variety.mend(stand);
  timeline.readyAt = performance.now();
}

async function probe({ service }: Scene, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await service.ready();
    await setTimeout(PROBE_MS);
  }
}

/** One for each send that was accepted, one at most where nobody knew, and none for any other. */
async function countSms({ inbox, failures }: Scene, people: readonly SignIn[]): Promise<number> {
  let all = 0;
  for (const { phone, sends, unconfirmed } of people) {
    const sms = await inbox.countFor(phone);
    if (sms > sends) failures.add("more SMS than sends");
    if (sms < sends - unconfirmed) failures.add("an SMS was accepted and did not come");
    all += sms;
  }
  return all;
}

function judgeAnswers({ timeline, variety, failures }: Scene, answers: readonly Answer[]): void {
  for (const answer of answers) {
    const wrong = judgeAnswer(answer, timeline, variety);
    if (wrong !== null) failures.add(wrong);
  }
}
