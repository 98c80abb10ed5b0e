import type { Nonce } from "../ids.ts";
import type { CodeChain, IssuedCode } from "../store/code-chain.ts";

export function liveCode(chain: CodeChain): IssuedCode | null {
  return chain.codes.at(-1) ?? null;
}

/** Whether another code took this one's place, or the store knows nothing of it. */
export function isReplaced(chain: CodeChain, nonce: Nonce): boolean {
  return liveCode(chain)?.nonce !== nonce;
}

/** In lives of a code: nobody's guess at it is looked at for as long. */
const REMEMBERED_LIVES = 2;
/** Codes are forgotten by so many at least, since it takes a request. */
const LEAST_FORGOTTEN = 12;

/** How many codes at the beginning of a chain nobody will ask for again; 0 while they are too few to be worth a request. */
export function forgettable(
  { codes }: CodeChain,
  { now, codeLifetimeSeconds }: { readonly now: number; readonly codeLifetimeSeconds: number },
): number {
  const since = now - REMEMBERED_LIVES * codeLifetimeSeconds * 1000;
  const first = codes.findIndex((code, index) => code.issuedAt > since || index === codes.length - 1);
  return first >= LEAST_FORGOTTEN ? first : 0;
}
