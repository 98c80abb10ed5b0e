import * as fc from "fast-check";
import { caller, phone, role } from "../acts.ts";
import { ROLES } from "../settings.ts";
import type { SendAct, VerifyAct } from "../step.ts";
import { NO_FAULTS } from "../system/flight.ts";

/** Who acts: mostly the same one. */
export const whose = fc.record({ phone, role, caller });
/** Who acts: anybody as likely as anybody else. */
export const anybody = fc.record({ phone: fc.nat({ max: 2 }), role: fc.constantFrom(...ROLES), caller });
export type Whose = Pick<SendAct, "phone" | "role" | "caller">;

/** As all goes well. */
export const send = (who: Whose): SendAct => ({
  kind: "send",
  ...who,
  key: null,
  proof: false,
  faults: NO_FAULTS,
});
export const verify = (who: Whose): VerifyAct => ({
  kind: "verify",
  ...who,
  hold: { kind: "own", back: 0 },
  typed: "right",
  key: null,
  faults: NO_FAULTS,
});
