import { setTimeout } from "node:timers/promises";
import { createRandom } from "./load/random.ts";

/** Waits as long as the way to somewhere else and back takes. */
export type Travel = () => Promise<unknown>;

const SPREAD = 0.2;
/** One in a hundred loses a packet on the way. */
const LOSS = 0.01;
const LOST_TIMES = 4;

/** About the median in milliseconds, seldom less, sometimes more, now and then much more; the same in every run. */
export function createTravel(medianMs: number): Travel {
  const random = createRandom(1);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    const lost = random.next() < LOSS ? LOST_TIMES : 1;
    return setTimeout(medianMs * lost * Math.exp(SPREAD * Math.abs(normal)));
  };
}
