import type { Client, TimedAnswer } from "../rig/client.ts";

/** A Worker that can be built and run. */
export interface Candidate {
  readonly name: string;
  /** The file that its bundle begins with; null is the service itself. */
  readonly entry: string | null;
  /** Of the service's bindings, which are all but APPS and POLICY, makes this one's own. */
  bindings(upstreams: Readonly<Record<string, string>>): Readonly<Record<string, unknown>>;
}

/** How a caller can differ from all others; without an address each call has one of its own. */
export interface Caller {
  readonly address?: string;
  /** For those that honour `Idempotency-Key`; it goes to all. */
  readonly idempotencyKey?: string;
}

export interface SendRequest extends Caller {
  /** E.164. */
  readonly phone: string;
}

export interface SendAnswer {
  readonly answer: TimedAnswer;
  /** Whether it says that an SMS is on its way. */
  readonly isSent: boolean;
  /** What a verify has to bring beside the code; null where there is no such thing. */
  readonly challengeId: string | null;
}

export interface VerifyRequest extends SendRequest {
  readonly code: string;
  readonly challengeId: string | null;
}

export interface VerifyAnswer {
  readonly answer: TimedAnswer;
  /** What it tells the caller: he is in, the code is wrong, he is refused for another reason; or a 5xx, or nothing. */
  readonly verdict: "signed_in" | "wrong" | "refused" | "failed";
}

/** What took part in guessing one code, for whoever counts how many of the guesses were compared with it. */
export interface Guessing {
  readonly phone: string;
  readonly answers: readonly VerifyAnswer[];
  /** What was asked of the store meanwhile, transactions apart. */
  readonly commands: readonly (readonly string[])[];
}

/** A sign-in by SMS. A resend is one more `send` to the same number. */
export interface Contender extends Candidate {
  send(client: Client, request: SendRequest): Promise<SendAnswer>;
  verify(client: Client, request: VerifyRequest): Promise<VerifyAnswer>;
  /** How many guesses were compared with the code. */
  countCompared(guessing: Guessing): number;
}
