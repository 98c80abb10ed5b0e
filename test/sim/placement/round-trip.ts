import type { Place } from "./places.ts";
import { kilometresBetween } from "./places.ts";

/** Light in glass, two thirds of its speed in a vacuum. */
const FIBRE_KM_PER_MS = 200;

/**
 * Paths are longer than the line of sight: 2.1 times within a continent (Bozkurt et al., "Dissecting Latency in the
 * Internet's Fiber Infrastructure", 2018); an ocean cable is straighter, fitted below.
 */
const NEAR_KM = 2000;
const NEAR_DETOUR = 2.1;
const FAR_DETOUR = 1.3;
/** Routers, and the last yards at both ends. */
const FIXED_MS = 3;

/** The round trip between two places in the middle of the distribution, in milliseconds. */
export function roundTripMs(from: Pick<Place, "at">, to: Pick<Place, "at">): number {
  const km = kilometresBetween(from, to);
  const path = Math.min(km, NEAR_KM) * NEAR_DETOUR + Math.max(0, km - NEAR_KM) * FAR_DETOUR;
  return FIXED_MS + (2 * path) / FIBRE_KM_PER_MS;
}

type At = Place["at"];
const virginia: At = [38.95, -77.45];
const ireland: At = [53.35, -6.26];
const frankfurt: At = [50.11, 8.68];
const tokyo: At = [35.68, 139.69];
const singapore: At = [1.35, 103.82];
const sydney: At = [-33.87, 151.21];
const saoPaulo: At = [-23.55, -46.63];
const mumbai: At = [19.08, 72.88];

/**
 * Round trips that others have measured, in ms. Within India and to Singapore: techplained.aptechsolutions.io,
 * "Latency from Indian Cities to Cloud Regions", 2026. Between regions: "Latency Between AWS Global Regions", as quoted
 * by acomputerscientistlearnsaws.blogspot.com, 2017.
 */
export const MEASURED: readonly (readonly [At, At, number])[] = [
  [[28.61, 77.21], mumbai, 28],
  [[12.97, 77.59], mumbai, 12],
  [[17.39, 78.49], mumbai, 25],
  [[13.08, 80.27], mumbai, 32],
  [[22.57, 88.36], mumbai, 35],
  [mumbai, singapore, 78],
  [[28.61, 77.21], singapore, 82],
  [virginia, ireland, 80.5],
  [virginia, frankfurt, 88.6],
  [virginia, tokyo, 145.3],
  [virginia, singapore, 216.7],
  [virginia, sydney, 230],
  [virginia, saoPaulo, 119.5],
  [tokyo, singapore, 73.8],
  [ireland, frankfurt, 19.6],
];

/** How far the model is off those, in the middle: 0.1 is a tenth. */
export function medianError(): number {
  const errors = MEASURED.map(([from, to, ms]) => Math.abs(roundTripMs({ at: from }, { at: to }) / ms - 1));
  return errors.toSorted((left, right) => left - right)[Math.floor(errors.length / 2)] ?? 0;
}
