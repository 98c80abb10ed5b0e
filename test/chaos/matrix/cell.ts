import type { Action, WayIn } from "./action.ts";
import type { Mode } from "./ambush.ts";
import type { MatrixFault } from "./fault.ts";
import type { Answer } from "./person.ts";

/** One fault that meets one request. */
export interface Encounter {
  readonly fault: MatrixFault;
  readonly mode: Mode;
  readonly action: Action;
}

/** What came of it. */
export interface Cell extends Encounter {
  readonly answer: Answer;
  readonly isDone: boolean;
  /** How many exchanges, or connections, met the fault; null where nobody can tell. */
  readonly met: number | null;
  /** SMS to this person until the upstreams were done with the request. */
  readonly sms: number;
  readonly left: Leftovers;
  readonly wayIn: WayIn | null;
  /** What was promised for afterwards and did not come. */
  readonly broken: readonly string[];
}

/** What stands in the store for one person. */
export interface Leftovers {
  /** How many keys of each kind: what stands before the first colon. */
  readonly kinds: ReadonlyMap<string, number>;
  /** Keys that would stay for ever. */
  readonly withoutTtl: readonly string[];
}

export function nameOf({ fault, mode, action }: Encounter): string {
  return `${action.name} while ${whoOf(fault)} ${fault.name} (${mode})`;
}

export const whoOf = ({ upstream }: Pick<MatrixFault, "upstream">): string =>
  upstream === "store" ? "the store" : "SNS";
