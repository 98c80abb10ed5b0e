import type { PlanFault } from "./ambush.ts";
import type { DoorState } from "./door.ts";

/** What a request that needs the store must come to. */
export type StoreVerdict =
  /** As if nothing had been. */
  | "harmless"
  /** A single one is made good by the Worker's repeat, a lasting one is a 503. */
  | "heals"
  /** A refusal or a lie, which the Worker does not ask for again: a 503. */
  | "fails";

/** What a send must come to, with how many SMS. */
export type SnsVerdict =
  /** The next region sends; where every region fails, a 503 and no SMS. */
  | "next region"
  /** The same, but the region had taken the SMS all the same, and the next one takes it again. */
  | "taken twice"
  /** A 502 and no SMS. */
  | "refused"
  | "unconfirmed, not sent"
  | "unconfirmed, sent"
  | "accepted";

/** What of a reply a lie is about. */
export type Read = "numbers" | "hashes" | "anything";

interface Described<Upstream, Verdict> {
  /** After "the store …" or "SNS …". */
  readonly name: string;
  readonly upstream: Upstream;
  readonly verdict: Verdict;
}

/** A fault in one exchange. */
export type WireFault = (Described<"store", StoreVerdict> | Described<"sns", SnsVerdict>) & {
  readonly plan: PlanFault;
  /** Whether the upstream does its work all the same, or later. */
  readonly isExecuted?: boolean;
  /** A lie, which is none to a request that does not read as much. */
  readonly about?: Read | null;
};

/** A fault in the connection, before anything was asked. */
export type DoorFault = (Described<"store", StoreVerdict> | Described<"sns", SnsVerdict>) & {
  readonly door: DoorState;
};

export type MatrixFault = WireFault | DoorFault;
