import type { AttemptId, Nonce } from "../ids.ts";

/** A code as the store knows it. */
export interface IssuedCode {
  readonly nonce: Nonce;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** Whoever made another code the live one claims the old one too: a win that came later is none. */
export const REPLACED = "replaced" as const;

/** One subject's codes in the order of their replacement, and who won which. */
export interface CodeChain {
  /** The last is the live one. Empty when the store knows nothing of the subject. */
  readonly codes: readonly IssuedCode[];
  /** How many codes there were before these. */
  readonly forgotten: number;
  readonly winners: ReadonlyMap<Nonce, AttemptId | typeof REPLACED>;
}
