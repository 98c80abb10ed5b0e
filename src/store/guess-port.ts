import type { CodeChain } from "./code-chain.ts";
import type { AttemptId, GuessPlace, Holder, Nonce, Subject } from "../ids.ts";
import type { Watched } from "./guard-port.ts";
import type { Counter, LoggedSend, NumberInRole, WindowCount } from "./send-port.ts";
import type { NewSession, SessionRef, SessionState } from "./session-port.ts";

export interface GuessStore {
  /** Counts a guess without a challenge id against its address, and reads what it needs to become a guess with one. */
  openGuess(counter: Counter, of: NumberInRole): Promise<OpenedGuess>;
  /** Counts such a guess back, where it was counted. Never executed twice. */
  refundGuess(counter: Counter, of: NumberInRole): Promise<void>;
  /** Claims a code for a right guess, or one of a holder's guesses for a wrong one: equal work for both. */
  claimGuess(guess: Guess): Promise<ClaimedGuess>;
  /** Takes back what a guess has claimed that was not evaluated, and that nobody can be evaluated by any more. */
  releaseGuess(guess: Guess, claims: { readonly digest: boolean; readonly place: boolean }): Promise<void>;
  /** The same of a wrong guess whose place others have overtaken; the place stays while any guess of its holder's does. */
  releaseOvertaken(guess: Guess, claims: { readonly digest: boolean }): Promise<void>;
  /** Drops those sign-ins of a subject that are neither among its first nor among its last. */
  trimSignIns(subject: Subject): Promise<void>;
  /** Takes back the session and the sign-in of an attempt that was right but refused. */
  undoSignIn(ref: SessionRef, attempt: AttemptId): Promise<void>;
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

export interface OpenedGuess {
  readonly count: WindowCount;
  readonly chain: CodeChain;
  readonly log: readonly LoggedSend[];
}

export interface ClaimedGuess {
  readonly chain: CodeChain;
  /** Different wrong guesses of this holder on this code, this one included; never more than budget + 2. */
  readonly wrongGuesses: number;
  /** Whether it is wrong, and its holder had not made it before. */
  readonly isNewGuess: boolean;
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
