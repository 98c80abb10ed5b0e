import type { Nonce } from "./codes.ts";
import type { Address, AttemptId, SendId } from "./identity.ts";

/** A code as the store knows it. */
export interface IssuedCode {
  readonly nonce: Nonce;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
  /** The attempt whose use of the code before was seen when this code replaced it. */
  readonly after: AttemptId | null;
}

/** One subject's codes in the order of their replacement, who used which, and which send came from where. */
export interface CodeChain {
  /** The last is the live one. Empty when the store knows nothing of the subject. */
  readonly codes: readonly IssuedCode[];
  readonly winners: ReadonlyMap<Nonce, AttemptId>;
  readonly askers: ReadonlyMap<SendId, Address>;
}

export function liveCode(chain: CodeChain): IssuedCode | null {
  return chain.codes.at(-1) ?? null;
}

/**
 * Whether a guess on this code comes too late because another code took its place. The attempt whose use of the code
 * made the replacement needful is not too late: it gets the answer that it got before.
 */
export function isReplacedFor(chain: CodeChain, nonce: Nonce, attempt: AttemptId | null): boolean {
  const index = chain.codes.findIndex((code) => code.nonce === nonce);
  const successor = chain.codes[index + 1];
  if (index < 0) return true;
  return successor !== undefined && (attempt === null || successor.after !== attempt);
}
