import type { GuessStore } from "./guess-port.ts";
import type { SendStore } from "./send-port.ts";
import type { SessionStore } from "./session-port.ts";

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
