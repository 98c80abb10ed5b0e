import type { Chance } from "./chance.ts";
import type { Carrier } from "./world.ts";
import { DAY, HOUR, MINUTE, MONTH_DAYS, SECOND, WORLD } from "./world.ts";

/** The way of SMS to one phone. */
export interface Delivery {
  /** When an SMS that is sent now arrives, in milliseconds since 1970; null for never. */
  arrivalOf(sentAt: number): number | null;
}

export interface DeliveryOptions {
  readonly carrier: Carrier;
  readonly chance: Chance;
  /** Where it is worse than the carrier is to everybody. */
  readonly never?: number;
  readonly days: number;
}

export function createDelivery({ carrier, chance, days, ...options }: DeliveryOptions): Delivery {
  const { delay, never } = WORLD.carriers[carrier];
  let isMissing = false;

  return {
    arrivalOf(sentAt) {
      isMissing = chance.happens(isMissing ? WORLD.missesAgain : (options.never ?? never));
      const isSlow = chance.happens(WORLD.slowTail.share);
      const seconds = chance.logNormal(isSlow ? WORLD.slowTail.delay : delay);
      const outageEnds = endOfOutage(carrier, sentAt, days);
      if (isMissing) return null;
      if (outageEnds === null || chance.happens(WORLD.outage.undisturbed)) return sentAt + seconds * SECOND;
      return chance.happens(WORLD.outage.lost) ? null : outageEnds + chance.unit() * 10 * MINUTE;
    },
  };
}

function endOfOutage(carrier: Carrier, at: number, days: number): number | null {
  for (const outage of WORLD.outages) {
    const begins = WORLD.startsAt + outage.start * days * DAY;
    const ends = begins + outage.hours * HOUR * Math.min(1, days / MONTH_DAYS + 0.1);
    if (outage.carrier === carrier && at >= begins && at < ends) return ends;
  }
  return null;
}
