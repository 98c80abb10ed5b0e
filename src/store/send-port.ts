import type { CodeChain, IssuedCode } from "./code-chain.ts";
import type {
  Address,
  GuessPlace,
  InvocationId,
  Nonce,
  PhoneId,
  SendId,
  Subject,
  SubjectTag,
} from "../ids.ts";
import type { GuardEvidence, Hold, WatchScope, Watched } from "./guard-port.ts";

export interface SendStore {
  /** Claims a place in the number's log of sends, counts the send, and claims the subject's first code. */
  openSend(send: OpenSend): Promise<OpenedSend>;
  /** Claims the place after a code; the answer's last code is the one that everybody agrees on. */
  replaceCode(subject: Subject, replaced: Nonce, by: IssuedCode): Promise<CodeChain>;
  /** Forgets the first codes of a chain, so that it does not grow for ever; what comes late to one of them says nothing. */
  forgetCodes(subject: Subject, chain: CodeChain, count: number): Promise<void>;
  /** Claims a send from an invocation that failed or died; the answer's last run is the one that owns the send now. */
  takeOverSend(send: KeyedSend, from: Invocation): Promise<readonly SendRun[]>;
  /** Records how a run of a send ended. */
  closeSend(send: KeyedSend, outcome: SendOutcome): Promise<void>;
  /** Takes an execution of a send out of the log, and frees its key if it ran. Counters stay. Tried briefly. */
  withdrawSend(send: WithdrawnSend): Promise<void>;
  /** Takes entries out of the log that are past, or whose own withdrawal never came. */
  sweepLog(phoneId: PhoneId, stale: readonly LoggedSend[]): Promise<void>;
  /** Drops the oldest of what the guard looks at in a prefix. */
  trimPrefix(watched: Watched): Promise<void>;
  /** Claims a hold on all sends to a prefix or a country; of several at one level the first stays. */
  startHold(watched: Watched, by: WatchScope, hold: Hold): Promise<void>;
  /** `withdrawSend`, and counts the send back. Never executed twice: that would fail open. */
  refundSend(send: RefundedSend): Promise<void>;
}

export interface NumberInRole {
  readonly subject: Subject;
  readonly phoneId: PhoneId;
}

/** One execution of a send, and when it began in milliseconds since 1970. */
export interface Invocation {
  readonly id: InvocationId;
  readonly startedAt: number;
}

/** A counter's window and the one before. */
export interface Counter {
  readonly purpose: "send" | "verify";
  readonly address: Address;
  /** Whole hours since 1970. */
  readonly window: number;
}

export interface WindowCount {
  readonly current: number;
  readonly previous: number;
}

export interface Budget {
  readonly date: string;
  readonly scope: string;
}

export interface CountedSend {
  readonly counter: Counter;
  /** Dates and scopes of the SMS budget, such as `2026-11-23` and `all`, `IN` or `role.driver`. */
  readonly budgets: readonly Budget[];
  /** Null where nobody is on guard. */
  readonly watched: Watched | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface KeyedSend {
  readonly subject: Subject;
  readonly sendId: SendId;
  readonly invocation: Invocation;
}

export interface OpenSend extends KeyedSend, NumberInRole, CountedSend {
  readonly isKeyed: boolean;
  readonly address: Address;
  readonly firstCode: IssuedCode;
}

export interface WithdrawnSend extends KeyedSend, Pick<OpenSend, "phoneId" | "address" | "watched"> {
  /** Whether it ran, or may have run, its `Idempotency-Key`. */
  readonly ran: boolean;
}

export interface RefundedSend extends WithdrawnSend, Omit<CountedSend, "counter"> {
  /** Null where the request stays counted at its address. */
  readonly counter: Counter | null;
}

/** Who asked for a code. */
export interface Asker {
  readonly address: Address;
  readonly sendId: SendId;
}

/** A place in a number's log of sends. */
export interface LoggedSend {
  /** An execution of a send, or a holder of guesses without a challenge id. */
  readonly member: InvocationId | GuessPlace;
  /** Which of the number's subjects it is of. */
  readonly of: SubjectTag;
  /** `proven`: its caller had proof of an earlier sign-in. */
  readonly kind: "send" | "proven" | "guesses";
  /** Milliseconds since 1970, by the clock of the edge location that logged it. */
  readonly at: number;
  /** Null of guesses. */
  readonly asker: Asker | null;
}

export interface OpenedSend {
  /** The first of them, where there are more than a day can allow. */
  readonly log: readonly LoggedSend[];
  readonly count: WindowCount;
  /** In the order of `budgets`. */
  readonly budgetCounts: readonly number[];
  readonly chain: CodeChain;
  /** Null where nobody is on guard. */
  readonly evidence: GuardEvidence | null;
  /** Who runs this `Idempotency-Key`, the last one owning it; empty without a key. */
  readonly runs: readonly SendRun[];
}

export interface SendRun {
  readonly invocation: Invocation;
  readonly outcome: SendOutcome | null;
}

/** A failed send leaves its key free. */
export type SendOutcome =
  { readonly kind: "failed" } | { readonly kind: "accepted" | "unconfirmed"; readonly code: IssuedCode };
