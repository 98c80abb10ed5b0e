import { createAddressHold } from "./address.ts";
import { createBudgets } from "./budgets.ts";
import { createContract } from "./contract.ts";
import { createGuessBudget } from "./guesses.ts";
import { createHygiene } from "./hygiene.ts";
import type { Reference } from "./reference.ts";
import { createPlaces } from "./places.ts";
import { createRefusals } from "./refusals.ts";
import { createRepeats } from "./repeats.ts";
import { createSends } from "./sends.ts";
import { createSessions } from "./sessions.ts";
import { createSingleUse } from "./single-use.ts";
import { createVerdicts } from "./verdicts.ts";

/** All promises, for one history. */
export function createReferences(): Readonly<Record<string, Reference>> {
  return {
    contract: createContract(),
    "single use": createSingleUse(),
    verdicts: createVerdicts(),
    "address hold": createAddressHold(),
    "guess budget": createGuessBudget(),
    places: createPlaces(),
    sends: createSends(),
    budgets: createBudgets(),
    repeats: createRepeats(),
    refusals: createRefusals(),
    sessions: createSessions(),
    hygiene: createHygiene(),
  };
}
