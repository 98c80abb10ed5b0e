import type { TimedAnswer } from "../../rig/client.ts";
import type { VerifyAnswer } from "../contender.ts";

/** What an answer to a verify tells; `wrong` is whether it says in its own words that the code is wrong. */
export function verdictOf({ status }: TimedAnswer, wrong: boolean): VerifyAnswer["verdict"] {
  if (status === 200) return "signed_in";
  if (status === 0 || status >= 500) return "failed";
  return wrong ? "wrong" : "refused";
}
