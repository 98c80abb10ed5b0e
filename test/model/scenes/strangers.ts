import * as fc from "fast-check";
import { caller, hold, key, order, wrong } from "../acts.ts";
import type { Role } from "../settings.ts";
import type { Act, Step } from "../step.ts";
import { anybody, send, verify, whose } from "./whose.ts";

/** One guess after another, each with digits of its own, then perhaps the right ones. */
export const guessing = fc
  .tuple(whose, hold, fc.uniqueArray(wrong, { minLength: 2, maxLength: 6 }), fc.boolean())
  .map(([who, held, digits, isRightLast]): readonly Step[] => {
    const typed = [...digits, ...(isRightLast ? (["right"] as const) : [])];
    return typed.map((one) => ({ ...verify(who), hold: held, typed: one }));
  });

/** Somebody asks, others guess without an id as often as they like, and the one who asked types the code at last. */
export const siege = fc
  .record({ who: whose, stranger: caller, digits: fc.uniqueArray(wrong, { minLength: 2, maxLength: 6 }) })
  .map(({ who, stranger, digits }): readonly Step[] => [
    send(who),
    ...digits.map((typed): Step => ({
      ...verify({ ...who, caller: stranger }),
      hold: { kind: "none" },
      typed,
    })),
    { ...verify(who), hold: { kind: "none" } },
  ]);

/** Roles that take a guess without an id. */
const WITHOUT_ID: Role[] = ["customer", "transporter"];

/** The day is nearly full, and several want its last place: by guesses without an id, and by a send. */
export const crowding = fc
  .record({
    of: anybody,
    roles: fc.shuffledSubarray(WITHOUT_ID, { minLength: 2 }),
    times: fc.integer({ min: 1, max: 3 }),
    isOwnerRight: fc.boolean(),
    order,
  })
  .map(({ of, roles: [one = of.role, other = one], times, isOwnerRight, order: turns }): readonly Step[] => {
    const without = { hold: { kind: "none" }, typed: 1 } as const;
    const [who, elsewhere] = [
      { ...of, role: one },
      { ...of, role: other },
    ];
    return [
      send(elsewhere),
      ...Array.from({ length: times }, () => [{ kind: "wait", seconds: 61 } as const, send(who)]).flat(),
      {
        kind: "together",
        acts: [
          { ...verify(who), ...without, typed: isOwnerRight ? "right" : 1 },
          { ...verify({ ...who, caller: who.caller + 1 }), ...without },
          { ...verify({ ...elsewhere, caller: who.caller + 1 }), ...without },
          send(elsewhere),
        ],
        order: turns,
      },
    ];
  });

/** The same at the same time. */
export const rushing = fc
  .record({
    whose,
    times: fc.integer({ min: 2, max: 4 }),
    what: fc.constantFrom("send", "right", "wrong"),
    key,
    held: hold,
    order,
  })
  .map(({ whose: who, times, what, key: of, held, order: turns }): readonly Step[] => {
    const one = (index: number): Act => {
      if (what === "send") return { ...send(who), key: of };
      return { ...verify(who), hold: held, typed: what === "right" ? "right" : 1 + index, key: of };
    };
    return [
      { kind: "together", acts: Array.from({ length: times }, (_, index) => one(index)), order: turns },
    ];
  });
