import type { City, Place } from "./places.ts";
import { CITIES, EDGES, nearest, REGIONS } from "./places.ts";
import { roundTripMs } from "./round-trip.ts";

/** One way to lay things out. SNS is in India in all of them: its local routes work from there alone. */
export interface Layout {
  readonly name: string;
  readonly redis: keyof typeof REGIONS;
  /** Where the Worker runs: where the request arrives, or beside the Redis primary. */
  readonly worker: "edge" | "beside Redis";
}

export const LAYOUTS: readonly Layout[] = [
  { name: "Redis in Mumbai, Worker at the edge", redis: "ap-south-1", worker: "edge" },
  { name: "Redis in Mumbai, Worker beside it", redis: "ap-south-1", worker: "beside Redis" },
  { name: "Redis in Virginia, Worker at the edge", redis: "us-east-1", worker: "edge" },
  { name: "Redis in Virginia, Worker beside it", redis: "us-east-1", worker: "beside Redis" },
];

/** All in milliseconds unless named otherwise. */
export const ASSUMED = {
  /** Mobile internet in India, to the first router and back (Ookla, in Mint, September 2022: 36 ms). */
  lastMile: 36,
  /** One transaction in Redis, its REST front included. */
  redisWork: 2,
  /** What SNS does before it answers. An assumption: nobody publishes it. */
  snsWork: 40,
  /** Our own CPU time. */
  workerWork: 2,
  /** How long an upstream keeps an idle connection: the default of AWS's load balancers. */
  idleSeconds: 60,
} as const;

export interface Latency {
  readonly send: number;
  readonly verify: number;
}

/** TCP, TLS 1.3, and the request itself. */
const COLD_TRIPS = 3;
/** The share of a round trip that is luck, as the deviation of its logarithm. */
export const JITTER = 0.12;

export interface Traffic {
  /** Each is one send and one verify. */
  readonly signInsPerDay: number;
  /** Gives numbers from 0 to 1. */
  readonly chance: () => number;
}

/** Draws one person's send and verify under a layout. */
export function createSignIn(city: City, layout: Layout, { signInsPerDay, chance }: Traffic): () => Latency {
  const edge = nearest(city, EDGES);
  const redis = REGIONS[layout.redis];
  const worker: Place = layout.worker === "edge" ? edge : redis;
  const share = layout.worker === "edge" ? shareOf(edge) : 1;
  const { lastMile, workerWork, redisWork, snsWork } = ASSUMED;
  const access = lastMile + roundTripMs(city, edge);
  // Cloudflare keeps the connections between its own locations open.
  const inside = worker === edge ? 0 : roundTripMs(edge, worker);
  const arrive = (): number => access * jitter(chance) + inside * jitter(chance) + workerWork;
  const asker = (upstream: Place, requestsPerDay: number, work: number) => {
    const trip = roundTripMs(worker, upstream);
    const warm = warmth(requestsPerDay * share);
    return (): number => trip * jitter(chance) * (chance() < warm ? 1 : COLD_TRIPS) + work;
  };
  const askRedis = asker(redis, 2 * signInsPerDay, redisWork);
  const askSns = asker(REGIONS["ap-south-1"], signInsPerDay, snsWork);
  return () => ({ send: arrive() + askRedis() + askSns(), verify: arrive() + askRedis() });
}

/** How likely a location's connection is still open: requests come as in a Poisson process. */
export function warmth(requestsPerDay: number): number {
  return 1 - Math.exp((-requestsPerDay / 86_400) * ASSUMED.idleSeconds);
}

/** Of all sign-ins those that arrive at this location. */
function shareOf(edge: Place): number {
  const served = CITIES.filter((city) => nearest(city, EDGES).name === edge.name);
  return served.reduce((sum, { share }) => sum + share, 0);
}

/** Log-normal, around 1 (Box and Muller). */
function jitter(chance: () => number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - chance()));
  return Math.exp(JITTER * radius * Math.cos(2 * Math.PI * chance()));
}
