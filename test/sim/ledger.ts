import type { Way } from "./guesser.ts";
import type { SignInOutcome } from "./person.ts";
import type { Role, Sent } from "./service.ts";
import { SMS_PRICES } from "./sms-prices.ts";
import type { SimCountry } from "./world.ts";
import { DAY } from "./world.ts";

/** Counts of sign-ins. */
export interface SignIns {
  tries: number;
  signedIn: number;
  /** Refused at least once, and not signed in by the end of the time that people have. */
  refused: number;
  /** Of these, those that the guard refused at least once. */
  refusedByGuard: number;
  /** Refused at least once, whatever came of it. */
  everRefused: number;
  everRefusedByGuard: number;
  /** The guard held a send, or would have: for its prefix, for its country. */
  heldByPrefix: number;
  heldByCountry: number;
}

export interface Pumped {
  tried: number;
  sent: number;
  /** By the guard, or would have been. */
  held: number;
  dollars: number;
}

export interface Guessed {
  /** The most in any 24 hours: at one number in one role, and in all its roles together. */
  mostPerRole: number;
  mostPerNumber: number;
}

export interface Victims {
  readonly count: number;
  /** The most SMS in any 24 hours: of all victims, and the mean of each one's. */
  readonly most: number;
  readonly mean: number;
}

/** What is left of a month. */
export interface Totals {
  readonly honest: Readonly<Record<string, SignIns>>;
  /** Why honest people were refused who did not sign in: each limit once a sign-in. */
  readonly reasons: Readonly<Record<string, number>>;
  readonly owners: Readonly<Record<"proven" | "unproven", SignIns>>;
  readonly bombed: Victims;
  readonly rings: Readonly<Record<string, Pumped>>;
  readonly guesses: Readonly<Record<string, Guessed>>;
}

export interface Ledger {
  countHonest(
    who: { readonly kind: "public" | "fleet"; readonly country: SimCountry },
    outcome: SignInOutcome,
  ): void;
  countOwner(isProven: boolean, outcome: SignInOutcome): void;
  countBomb(victim: number, at: number): void;
  countPumped(of: { readonly ring: string; readonly country: SimCountry }, sent: Sent): void;
  countGuess(of: { readonly victim: number; readonly way: Way; readonly role: Role }, at: number): void;
  total(): Totals;
}

export function createLedger(): Ledger {
  const honest = new Map<string, SignIns>();
  const reasons = new Map<string, number>();
  const owners = { proven: noSignIns(), unproven: noSignIns() };
  const rings = new Map<string, Pumped>();
  const bombed = new Map<number, number[]>();
  const guessed = new Map<string, { readonly way: Way; readonly victim: number; readonly times: number[] }>();

  return {
    countHonest({ kind, country }, outcome) {
      for (const group of ["all", kind === "fleet" ? "fleets" : country]) {
        count(entry(honest, group, noSignIns), outcome);
      }
      if (outcome.signedIn) return;
      for (const reason of new Set(outcome.refusals)) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    },
    countOwner(isProven, outcome) {
      count(owners[isProven ? "proven" : "unproven"], outcome);
    },
    countBomb(victim, at) {
      entry(bombed, victim, () => []).push(at);
    },
    countPumped({ ring, country }, { result, held }) {
      const pumped = entry(rings, ring, () => ({ tried: 0, sent: 0, held: 0, dollars: 0 }));
      pumped.tried += 1;
      pumped.held += Number(held !== null);
      if (!result.ok) return;
      pumped.sent += 1;
      pumped.dollars += SMS_PRICES[country].sns;
    },
    countGuess({ victim, way, role }, at) {
      entry(guessed, `${victim}/${role}`, () => ({ way, victim, times: [] })).times.push(at);
    },
    total: () => ({
      honest: Object.fromEntries(honest),
      reasons: Object.fromEntries(reasons),
      owners,
      bombed: sumVictims([...bombed.values()]),
      rings: Object.fromEntries(rings),
      guesses: mostGuesses([...guessed.values()]),
    }),
  };
}

function entry<K, V>(map: Map<K, V>, key: K, create: () => NoInfer<V>): V {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}

function noSignIns(): SignIns {
  return {
    tries: 0,
    signedIn: 0,
    refused: 0,
    refusedByGuard: 0,
    everRefused: 0,
    everRefusedByGuard: 0,
    heldByPrefix: 0,
    heldByCountry: 0,
  };
}

function count(signIns: SignIns, { signedIn, refusals, held }: SignInOutcome): void {
  const isRefused = refusals.length > 0;
  const isGuards = refusals.includes("guard");
  signIns.tries += 1;
  signIns.heldByPrefix += Number(held.has("prefix"));
  signIns.heldByCountry += Number(held.has("country"));
  signIns.signedIn += Number(signedIn);
  signIns.everRefused += Number(isRefused);
  signIns.everRefusedByGuard += Number(isGuards);
  signIns.refused += Number(isRefused && !signedIn);
  signIns.refusedByGuard += Number(isGuards && !signedIn);
}

function sumVictims(victims: readonly (readonly number[])[]): Victims {
  const most = victims.map(mostInADay);
  const sum = most.reduce((total, one) => total + one, 0);
  return { count: victims.length, most: Math.max(0, ...most), mean: sum / Math.max(1, victims.length) };
}

interface GuessedAt {
  readonly way: Way;
  readonly victim: number;
  readonly times: readonly number[];
}

function mostGuesses(all: readonly GuessedAt[]): Record<string, Guessed> {
  const byWay = Map.groupBy(all, ({ way }) => way);
  const most = [...byWay].map(([way, ofWay]) => {
    const numbers = [...Map.groupBy(ofWay, ({ victim }) => victim).values()];
    return [
      way,
      {
        mostPerRole: Math.max(...ofWay.map(({ times }) => mostInADay(times))),
        mostPerNumber: Math.max(...numbers.map((roles) => mostInADay(roles.flatMap(({ times }) => times)))),
      },
    ] as const;
  });
  return Object.fromEntries(most);
}

/** Of all spans of 24 hours, not of calendar days. */
function mostInADay(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, at] of sorted.entries()) {
    while ((sorted[first] ?? at) <= at - DAY) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
