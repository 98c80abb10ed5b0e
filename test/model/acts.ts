import * as fc from "fast-check";
import type { Role } from "./settings.ts";
import { ROLES } from "./settings.ts";
import type { Act, Hold, SendAct, SessionAct, Step, Typed, VerifyAct } from "./step.ts";
import type { Faults, SmsFate, StoreFate } from "./system/flight.ts";
import { NO_FAULTS } from "./system/flight.ts";

/** The first weighs most: a history that spreads over everybody meets nobody's limits. */
export const mostly = <T>(first: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(first) },
    { weight: 1, arbitrary: fc.constantFrom(first, ...others) },
  );

export const phone = mostly(0, 1, 2);
export const role = mostly<Role>(...ROLES);
export const caller = mostly(0, 1, 2);
export const key = fc.oneof(
  { weight: 2, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1) },
);

const storeFate = fc.constantFrom<StoreFate>(
  "pass",
  "pass",
  "lost",
  "reply_lost",
  "refused",
  "slow",
  "late",
  "garbled",
  "dies",
);
const smsFate = fc.constantFrom<SmsFate>("sent", "reply_lost", "hangs", "rejected", "not_sent", "dies");
const someFaults: fc.Arbitrary<Faults> = fc.record({
  store: fc.array(storeFate, { maxLength: 5, size: "max" }),
  sms: fc.array(smsFate, { maxLength: 2, size: "max" }),
});
export const faults = fc.oneof(
  { weight: 3, arbitrary: fc.constant(NO_FAULTS) },
  { weight: 1, arbitrary: someFaults },
);

const send: fc.Arbitrary<SendAct> = fc.record({
  kind: fc.constant("send"),
  phone,
  role,
  caller,
  key,
  proof: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  faults,
});

const back = mostly(0, 1, 2);
export const hold: fc.Arbitrary<Hold> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("own"), back }) },
  { weight: 4, arbitrary: fc.constant<Hold>({ kind: "none" }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("any", "foreign", "forged"), back }) },
);
export const wrong = fc.constantFrom(1, 2, 3, 4, 5, 6, 7);
const typed: fc.Arbitrary<Typed> = fc.oneof(
  { weight: 3, arbitrary: fc.constant("right") },
  { weight: 5, arbitrary: wrong },
  { weight: 1, arbitrary: fc.constant("older") },
);
const verify: fc.Arbitrary<VerifyAct> = fc.record({
  kind: fc.constant("verify"),
  phone,
  role,
  caller,
  hold,
  typed,
  key,
  faults,
});

export const ofSession: fc.Arbitrary<SessionAct> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant("refresh") },
    { weight: 2, arbitrary: fc.constantFrom("me", "logout", "logout_everywhere") },
  ),
  session: mostly(0, 1, 2),
  token: mostly(0, 1, 2),
  caller,
  faults,
});

export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: send },
  { weight: 8, arbitrary: verify },
  { weight: 3, arbitrary: ofSession },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat"), caller, faults }) },
);

/** Whose turn it is, of those that wait. */
export const order = fc.array(fc.nat({ max: 3 }), { maxLength: 12, size: "max" });

export const together: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant("together"),
  acts: fc.array(act, { minLength: 2, maxLength: 4 }),
  order,
});
