import type { Role } from "./settings.ts";
import type { Dump } from "./system/dump.ts";
import type { Faults, SmsTry } from "./system/flight.ts";
import type { ChallengeParts, RefreshParts } from "./tokens.ts";

/** One request as it goes over the wire, and what the one who wrote it knows of it. */
export interface Ask {
  readonly kind: "send" | "verify" | "refresh" | "logout" | "logout_everywhere" | "me";
  /** Whose it is: `<phone>/<role>`. */
  readonly subject: string;
  readonly phone: number;
  readonly role: Role;
  readonly caller: number;
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly key: string | null;
  /** Of a guess: its challenge id; null without one. */
  readonly challenge: ChallengeParts | null;
  /** Whether that id is none that this subject was given. */
  readonly isForged: boolean;
  /** Of a guess: its digits. */
  readonly guess: string;
  /** Of a send: whether it brings a token of this number. */
  readonly isProven: boolean;
  /** Of a session: its refresh token, or that of the access token. */
  readonly token: RefreshParts | null;
  readonly tokenText: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `OK`, or the public error code. */
  readonly code: string;
  /** Of a success. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Of a failure. */
  readonly error: Readonly<Record<string, unknown>>;
}

/** A request that is over, with all that it did after its answer. */
export interface Exchange {
  readonly ask: Ask;
  readonly faults: Faults;
  /** Milliseconds since 1970, by the clock of the location that has it. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** How far that clock is ahead, in ms. */
  readonly aheadMs: number;
  /** Which isolate has it, counted from 0. */
  readonly isolate: number;
  /** Null where the isolate died. */
  readonly answer: Answer | null;
  readonly sms: readonly SmsTry[];
  readonly storeTries: number;
  readonly storeFailed: boolean;
  readonly smsFailed: boolean;
  /** What ran at the same time. */
  readonly beside: readonly Ask[];
  /** All that ran at the same time, itself with it; empty but in the first of them, which speaks for all. */
  readonly group: readonly Pick<Exchange, "ask" | "answer" | "storeFailed">[];
  /** The store before and after; the same for all that ran at the same time. */
  readonly before: Dump;
  readonly after: Dump;
  /** What the service has written to its log meanwhile. */
  readonly logs: readonly string[];
}
