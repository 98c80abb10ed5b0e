import * as fc from "fast-check";
import { key, ofSession } from "../acts.ts";
import type { Hold, Step } from "../step.ts";
import { NO_FAULTS } from "../system/flight.ts";
import { anybody, send, verify, whose } from "./whose.ts";

/** By the own id or the own address, in one try or with a key that may have been used before. */
export const signIn = fc
  .record({ who: whose, isById: fc.boolean(), key })
  .map(({ who, isById, key: of }): readonly Step[] => {
    const held: Hold = isById ? { kind: "own", back: 0 } : { kind: "none" };
    return [send(who), { ...verify(who), hold: held, key: of }];
  });

/** Somebody signs in, in whatever role, and goes on with the session for a while. */
export function stay(longestWait: number): fc.Arbitrary<readonly Step[]> {
  const pause = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1) },
    { weight: 2, arbitrary: fc.constantFrom(29, 30, 31, 900, 86_400, 172_801) },
  );
  return fc
    .tuple(anybody, fc.array(fc.tuple(ofSession, pause), { minLength: 1, maxLength: 5 }))
    .map(([one, acts]): readonly Step[] => [
      send(one),
      verify(one),
      ...acts.flatMap(([used, seconds]): readonly Step[] => [
        used,
        { kind: "wait", seconds: Math.min(seconds, longestWait) },
      ]),
    ]);
}

/** Two devices of one person, of which one signs out or signs all out, and what becomes of their sessions. */
export const devices = fc
  .tuple(
    anybody,
    fc.array(fc.tuple(fc.constantFrom("logout", "logout_everywhere"), fc.nat({ max: 1 })), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.array(ofSession, { minLength: 1, maxLength: 4 }),
  )
  .map(([who, ends, acts]): readonly Step[] => [
    send(who),
    verify(who),
    { kind: "wait", seconds: 31 },
    send(who),
    verify(who),
    ...ends.map(([kind, session]): Step => ({
      kind,
      session,
      token: 0,
      caller: who.caller,
      faults: NO_FAULTS,
    })),
    ...acts,
  ]);

/** For as many codes as there are, each after the wait that it takes. */
export const asking = fc
  .tuple(whose, fc.integer({ min: 2, max: 5 }), fc.constantFrom(5, 10, 30, 61))
  .map(([who, times, pause]): readonly Step[] =>
    Array.from({ length: times }, () => [send(who), { kind: "wait", seconds: pause } as const]).flat(),
  );

/** A code, one that replaces it once half of its life is over, and a guess at the first or the second. */
export const overtaken = fc
  .record({ who: whose, pause: fc.constantFrom(31, 151), back: fc.nat({ max: 1 }) })
  .map(({ who, pause, back }): readonly Step[] => [
    send(who),
    { kind: "wait", seconds: pause },
    send(who),
    { ...verify(who), hold: { kind: "own", back } },
    verify(who),
  ]);

/** Whoever signed in with a key and signed out says the same again. */
export const comeback = fc
  .record({ who: anybody, isEverywhere: fc.boolean() })
  .map(({ who, isEverywhere }): readonly Step[] => [
    send(who),
    { ...verify(who), key: 0 },
    {
      kind: isEverywhere ? "logout_everywhere" : "logout",
      session: 0,
      token: 0,
      caller: who.caller,
      faults: NO_FAULTS,
    },
    { kind: "repeat", caller: who.caller, faults: NO_FAULTS },
  ]);
