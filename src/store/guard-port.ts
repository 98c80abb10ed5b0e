import type { InvocationId, Line, Network, Prefix } from "../ids.ts";

/** In which a country and a network are counted, in milliseconds. */
export const WINDOW_MS = 600_000;

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
