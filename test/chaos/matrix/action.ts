import type { Mode } from "./ambush.ts";
import type { Read } from "./fault.ts";
import type { Answer, Asked, Person } from "./person.ts";
import type { Role, Stage } from "./stage.ts";

/** A request that a fault meets. */
export interface Action {
  readonly name: string;
  readonly role: Role;
  readonly upstreams: readonly ("store" | "sns")[];
  /** Whether the Worker asks the store again after a fault on the way. */
  readonly isRepeated: boolean;
  /** Whether it brings an SMS. */
  readonly sends: boolean;
  /** What it reads of the store's replies. */
  readonly reads: readonly Read[];
  /** What it comes to when the store fails after its first answer; absent where there is no second question. */
  readonly later?: { readonly to: "done" | "down"; readonly reads: readonly Read[] };
  /** Gets somebody to where the request can be made. */
  prepare(person: Person, stage: Stage): Promise<Prepared>;
}

export interface Prepared {
  readonly asked: Asked;
  /** Whether this is the answer of a service at which nothing is wrong. */
  isDone(answer: Answer): boolean;
  /** Goes on when the fault is over: does the answer keep its word, and does the person get in? */
  afterwards(struck: Struck): Promise<Aftermath>;
}

/** How the request went. */
export interface Struck {
  readonly answer: Answer;
  /** SMS to this person meanwhile. */
  readonly sms: number;
  readonly mode: Mode;
  /** Whether the store may have done its work although its answer did not arrive. */
  readonly isExecuted: boolean;
}

/** By the code that was sent before or meanwhile, by one that had to be sent anew, or by a session that lives on. */
export type WayIn = "same code" | "new code" | "session";

export interface Aftermath {
  readonly wayIn: WayIn | null;
  /** What was promised and did not come, a sentence each. */
  readonly broken: readonly string[];
}
