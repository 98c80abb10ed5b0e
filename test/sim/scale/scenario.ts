import type { Chance } from "../chance.ts";
import { ASSUMED, JITTER } from "../placement/model.ts";
import type { Place } from "../placement/places.ts";
import { REGIONS } from "../placement/places.ts";
import { roundTripMs } from "../placement/round-trip.ts";
import type { Location } from "./locations.ts";
import { LOCATIONS } from "./locations.ts";

export type Region = keyof typeof REGIONS;

/** Who asks from where, and where it is answered. The Worker runs beside the primary, as it is deployed. */
export interface Scenario {
  readonly audience: "India" | "the world";
  readonly primary: Region;
  /** SNS, the first one first; numbers outside of India begin with the other. */
  readonly sns: readonly [Region, Region];
}

/** Where one request goes. */
export interface Route {
  /** One way from the phone to the Worker, in milliseconds. */
  readonly access: number;
  /** There and back, between Worker and Redis. */
  readonly store: number;
  readonly sns: readonly { readonly region: Region; readonly trip: number }[];
}

/** Draws routes: a location by the people around it, and each distance with its luck. */
export function createRoutes({ audience, primary, sns }: Scenario, chance: Chance): () => Route {
  const choices = LOCATIONS.filter(({ country }) => audience === "the world" || country === "IN").map(
    (location) => ({ ...location, weight: location.people }),
  );
  const worker: Place = REGIONS[primary];
  const lucky = (ms: number): number => ms * chance.logNormal({ median: 1, sigma: JITTER });
  const [first, second] = sns;
  const trips = new Map([first, second].map((region) => [region, roundTripMs(worker, REGIONS[region])]));
  return () => {
    const location = chance.weighted<Location & { readonly weight: number }>(choices);
    const order = location.country === "IN" ? [first, second] : [second, first];
    const toEdge = lucky(ASSUMED.lastMile + roundTripMs(location, location));
    return {
      access: (toEdge + lucky(roundTripMs(location, worker))) / 2 + ASSUMED.workerWork,
      store: lucky(roundTripMs(worker, worker)),
      sns: order.map((region) => ({ region, trip: lucky(trips.get(region) ?? 0) })),
    };
  };
}
