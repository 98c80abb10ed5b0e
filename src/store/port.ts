import type { CodeChain, IssuedCode } from "../otp/chain.ts";
import type { Nonce } from "../otp/codes.ts";
import type { Address, AttemptId, Holder, InvocationId, SendId, Subject } from "../otp/identity.ts";

/**
 * The store: every method is one transaction in one round trip, named for what is atomic in it, and may be executed
 * twice with the same arguments without changing its answer, but where its line says otherwise. A method that cannot
 * answer in full and in time throws `StoreUnavailable`; none ever answers by halves.
 */
export interface Store extends SendStore, GuessStore {
  /** Writes a key with a TTL and reads it back. */
  probe(): Promise<void>;
}

export interface SendStore {
  /** Claims a place in the subject's log of sends, counts the send, and claims the subject's first code. */
  openSend(send: OpenSend): Promise<OpenedSend>;
  /** Claims the place after a code; the answer's last code is the one that everybody agrees on. */
  replaceCode(subject: Subject, replaced: Nonce, by: IssuedCode): Promise<CodeChain>;
  /** Claims a send from an invocation that failed or died; the answer's last run is the one that owns the send now. */
  takeOverSend(send: KeyedSend, from: Invocation): Promise<readonly SendRun[]>;
  /** Records how a run of a send ended. */
  closeSend(send: KeyedSend, outcome: SendOutcome): Promise<void>;
  /** Takes an execution of a send out of the subject's log, and frees its key if it ran. Counters stay. Tried briefly. */
  withdrawSend(send: WithdrawnSend): Promise<void>;
  /** Takes executions out of the log whose own withdrawal never came. */
  sweepLog(subject: Subject, stale: readonly InvocationId[]): Promise<void>;
  /** `withdrawSend`, and counts the send back. Never executed twice: that would fail open. */
  refundSend(send: WithdrawnSend & CountedSend): Promise<void>;
}

export interface GuessStore {
  /** Counts a guess without a challenge id against its address, and reads what it needs to become a guess with one. */
  openGuess(counter: Counter, subject: Subject): Promise<OpenedGuess>;
  /** Counts such a guess back. Never executed twice. */
  refundGuess(counter: Counter): Promise<void>;
  /** Claims a code for a right guess, or one of a holder's guesses for a wrong one: equal work for both. */
  claimGuess(guess: Guess): Promise<ClaimedGuess>;
  /** Takes back that an attempt signed its subject in, which was right but refused. */
  forgetSignIn(subject: Subject, attempt: AttemptId): Promise<void>;
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

export interface CountedSend {
  readonly counter: Counter;
  /** Dates and countries of the SMS budget, such as `2026-11-23` and `all` or `IN`. */
  readonly budgets: readonly Budget[];
}

export interface Budget {
  readonly date: string;
  readonly scope: string;
}

export interface KeyedSend {
  readonly subject: Subject;
  readonly sendId: SendId;
  readonly invocation: Invocation;
}

export interface OpenSend extends KeyedSend, CountedSend {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly isKeyed: boolean;
  readonly address: Address;
  readonly firstCode: IssuedCode;
}

export interface WithdrawnSend extends KeyedSend {
  /** Whether it ran, or may have run, its `Idempotency-Key`. */
  readonly ran: boolean;
}

export interface LoggedSend {
  readonly invocation: InvocationId;
  /** Milliseconds since 1970, by the clock of the edge location that logged it. */
  readonly at: number;
}

export interface WindowCount {
  readonly current: number;
  readonly previous: number;
}

export interface OpenedSend {
  readonly log: readonly LoggedSend[];
  readonly count: WindowCount;
  /** In the order of `budgets`. */
  readonly budgetCounts: readonly number[];
  readonly chain: CodeChain;
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

export interface OpenedGuess {
  readonly count: WindowCount;
  readonly chain: CodeChain;
  readonly log: readonly LoggedSend[];
}

export type Guess = {
  readonly subject: Subject;
  readonly nonce: Nonce;
  readonly holder: Holder;
  readonly attempt: AttemptId;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly guessDigest: string;
  readonly isRight: boolean;
};

export interface ClaimedGuess {
  readonly chain: CodeChain;
  /** Different wrong guesses of this holder on this code, this one included; never more than budget + 2. */
  readonly wrongGuesses: number;
  /** Whether no attempt of this subject was right before this one. */
  readonly isFirstSignIn: boolean;
  /** Of a right guess: whether no execution of this attempt came before this one. */
  readonly isFirstExecution: boolean;
}

/** Breakage, not refusal: what the store has done is not known, or it has said no to everything. */
export class StoreUnavailable extends Error {
  readonly reason: StoreFailure;

  constructor(reason: StoreFailure) {
    super(`store: ${reason}`);
    this.name = "StoreUnavailable";
    this.reason = reason;
  }
}

export type StoreFailure = "timeout" | "network" | "refused" | "malformed";
