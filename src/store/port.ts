import type {
  Address,
  AttemptId,
  GuessPlace,
  Holder,
  InvocationId,
  Line,
  Network,
  PhoneId,
  Prefix,
  SendId,
  SessionId,
  Subject,
  SubjectTag,
} from "../ids.ts";
import type { CodeChain, IssuedCode } from "../otp/chain.ts";
import type { Nonce } from "../otp/codes.ts";

/**
 * The store: every method is one transaction in one round trip, named for what is atomic in it, and may be executed
 * twice with the same arguments without changing its answer, but where its line says otherwise. A method that cannot
 * answer in full and in time throws `StoreUnavailable`; none ever answers by halves. Each touches the keys of one subject
 * at most, beside counters that all share, and its arguments say of which subject or prefix it is: subjects can be spread
 * over several databases.
 */
export interface Store extends SendStore, GuessStore, SessionStore {
  /** Writes a key with a TTL and reads it back. */
  probe(): Promise<void>;
}

export interface SendStore {
  /** Claims a place in the number's log of sends, counts the send, and claims the subject's first code. */
  openSend(send: OpenSend): Promise<OpenedSend>;
  /** Claims the place after a code; the answer's last code is the one that everybody agrees on. */
  replaceCode(subject: Subject, replaced: Nonce, by: IssuedCode): Promise<CodeChain>;
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
  refundSend(send: WithdrawnSend & CountedSend): Promise<void>;
}

export interface GuessStore {
  /** Counts a guess without a challenge id against its address, and reads what it needs to become a guess with one. */
  openGuess(counter: Counter, of: NumberInRole): Promise<OpenedGuess>;
  /** Counts such a guess back, where it was counted. Never executed twice. */
  refundGuess(counter: Counter, of: NumberInRole): Promise<void>;
  /** Claims a code for a right guess, or one of a holder's guesses for a wrong one: equal work for both. */
  claimGuess(guess: Guess): Promise<ClaimedGuess>;
  /** Takes a place out of the log that was claimed in vain. */
  releasePlace(of: NumberInRole, place: GuessPlace): Promise<void>;
  /** Drops those sign-ins of a subject that are neither among its first nor among its last. */
  trimSignIns(subject: Subject): Promise<void>;
  /** Takes back the session and the sign-in of an attempt that was right but refused. */
  undoSignIn(ref: SessionRef, attempt: AttemptId): Promise<void>;
}

export interface SessionStore {
  /** Marks a session used, and where a generation is given claims its first use; slides what exists and makes nothing. */
  useSession(use: SessionUse): Promise<SessionState>;
  /** Adds the directory's record to a session; the answer has the one that was first. */
  attachProfile(ref: SessionRef, sealedProfile: string): Promise<SessionState>;
  /** Ends sessions, whatever arrives late. The first reason stays. */
  endSessions(subject: Subject, sids: readonly SessionId[], reason: EndReason): Promise<void>;
  /** The sessions of a subject that were used since, in milliseconds since 1970, the last used first; forgets others. */
  listSessions(subject: Subject, since: number): Promise<readonly ListedSession[]>;
  /** In the order of `sids`. */
  readSessions(subject: Subject, sids: readonly SessionId[]): Promise<readonly SessionState[]>;
}

export interface NumberInRole {
  readonly subject: Subject;
  readonly phoneId: PhoneId;
}

export interface SessionRef {
  readonly subject: Subject;
  readonly sid: SessionId;
}

/** `refused`: the guess that opened it was right, but not in time. */
export type EndReason = "signed_out" | "stolen" | "suspended" | "refused";

export interface SessionUse extends SessionRef {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the session has left from now; null leaves it as it is. */
  readonly ttlSeconds: number | null;
  /** The generation of a refresh token that rotates; null for any other use. */
  readonly generation: number | null;
}

export interface SessionState {
  /** Sealed; null when there is no such session. */
  readonly record: string | null;
  /** Sealed; null without a directory, or before it has answered. */
  readonly profile: string | null;
  readonly ended: EndReason | null;
  /** When each generation of its refresh token was first used, in milliseconds since 1970. The latest few. */
  readonly firstUses: ReadonlyMap<number, number>;
}

export interface ListedSession {
  readonly sid: SessionId;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** A session as a right guess opens it. */
export interface NewSession {
  readonly sid: SessionId;
  readonly sealedRecord: string;
  /** Until it ends if it is not used. */
  readonly ttlSeconds: number;
  /** Until it ends however much it is used. */
  readonly lifetimeSeconds: number;
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
  /** Dates and scopes of the SMS budget, such as `2026-11-23` and `all`, `IN` or `role.driver`. */
  readonly budgets: readonly Budget[];
  /** Null where nobody is on guard. */
  readonly watched: Watched | null;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What the guard against pumping knows a number by, and where its caller is. */
export interface Watched {
  readonly prefix: Prefix;
  readonly line: Line;
  /** ISO 3166-1. */
  readonly country: string;
  readonly network: Network;
}

/** What a hold is on. */
export type WatchScope = "prefix" | "country";

/** The `level`th hold in a row, and when it began in milliseconds since 1970. */
export interface Hold {
  readonly level: number;
  readonly startedAt: number;
}

export interface WatchedSend {
  readonly line: Line;
  readonly invocation: InvocationId;
  readonly at: number;
}

export interface GuardEvidence {
  readonly prefix: {
    /** The newest, oldest first. */
    readonly sends: readonly WatchedSend[];
    /** Numbers by when they last verified. */
    readonly verified: readonly { readonly line: Line; readonly at: number }[];
    readonly hold: Hold | null;
    /** Whether it is time for `trimPrefix`. */
    readonly isFull: boolean;
  };
  readonly country: WatchedHour & { readonly hold: Hold | null };
  /** Whether anybody has verified from the caller's network within 30 days. */
  readonly network: WatchedHour & { readonly isKnown: boolean };
  /** Whether this subject has verified within 30 days. */
  readonly isKnownNumber: boolean;
}

export interface WatchedHour {
  /** How many were sent in each window of ten minutes of the last hour, the last first, but for the one that runs. */
  readonly windows: readonly { readonly startedAt: number; readonly sent: number }[];
  /** How many others were sent in the one that runs. */
  readonly running: number;
  /** Different codes verified in all of them. */
  readonly verified: number;
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

export interface OpenSend extends KeyedSend, NumberInRole, CountedSend {
  readonly isKeyed: boolean;
  readonly address: Address;
  readonly firstCode: IssuedCode;
}

export interface WithdrawnSend extends KeyedSend, Pick<OpenSend, "phoneId" | "address" | "watched"> {
  /** Whether it ran, or may have run, its `Idempotency-Key`. */
  readonly ran: boolean;
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

export interface WindowCount {
  readonly current: number;
  readonly previous: number;
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

export interface OpenedGuess {
  readonly count: WindowCount;
  readonly chain: CodeChain;
  readonly log: readonly LoggedSend[];
}

export type Guess = NumberInRole & {
  readonly nonce: Nonce;
  readonly holder: Holder;
  readonly attempt: AttemptId;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly guessDigest: string;
  readonly isRight: boolean;
  /** Opened by a right guess in the same transaction. */
  readonly session: NewSession;
  /** The place in the number's log that a wrong guess without a challenge id claims; null with one. */
  readonly place: GuessPlace | null;
  /** Null where nobody is on guard. */
  readonly watched: Watched | null;
};

export interface ClaimedGuess {
  readonly chain: CodeChain;
  /** Different wrong guesses of this holder on this code, this one included; never more than budget + 2. */
  readonly wrongGuesses: number;
  /** With the place that was claimed; empty where none was. */
  readonly log: readonly LoggedSend[];
  /** Whether nobody claimed this place before. */
  readonly isNewPlace: boolean;
  /** Whether no attempt of this subject was right before this one. */
  readonly isFirstSignIn: boolean;
  /** Whether it is time for `trimSignIns`. */
  readonly isCrowded: boolean;
  /** As this attempt, or an earlier execution of it, has opened it. */
  readonly session: SessionState;
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

/** `contended`: others changed what was asked for as often as it was tried. */
export type StoreFailure = "timeout" | "network" | "refused" | "malformed" | "contended";

/** For what may be left undone: everything but a bug passes. */
export function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
