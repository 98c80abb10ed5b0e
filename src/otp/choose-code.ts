import type { CodeChain, IssuedCode } from "../store/code-chain.ts";
import type { Subject } from "../ids.ts";
import type { Policy } from "../config/policy.ts";
import type { SendStore } from "../store/send-port.ts";
import { StoreUnavailable } from "../store/port.ts";
import { liveCode } from "./chain.ts";
import type { CodeSecrets } from "./codes.ts";
import { createNonce, secretOf } from "./codes.ts";

export interface ChooseDeps {
  readonly store: Pick<SendStore, "replaceCode">;
  readonly secrets: CodeSecrets;
  readonly policy: Pick<Policy, "codeLifetimeSeconds">;
  readonly random: (length: number) => Uint8Array;
}

/** One replacement is the rule; another is needed where a code is used up between our reading it and replacing it. */
export const MOST_REPLACEMENTS = 3;

/** The live code while it is unused and has half of its life left, else one that replaces it, the same for everybody. */
export async function chooseCode(
  subject: Subject,
  { chain: opened, now }: { readonly chain: CodeChain; readonly now: number },
  deps: ChooseDeps,
): Promise<IssuedCode> {
  let chain = opened;
  for (let replacements = 0; ; replacements += 1) {
    const live = liveCode(chain);
    if (live !== null && isReusable(chain, live, { now, deps })) return live;
    if (live === null) throw new StoreUnavailable("malformed");
    if (replacements === MOST_REPLACEMENTS) throw new StoreUnavailable("contended");
    const nonce = createNonce(deps.secrets.current, deps.random);
    chain = await deps.store.replaceCode(subject, live.nonce, { nonce, issuedAt: now });
  }
}

function isReusable(
  chain: CodeChain,
  live: IssuedCode,
  { now, deps }: { now: number; deps: ChooseDeps },
): boolean {
  const halfLifeMs = (deps.policy.codeLifetimeSeconds * 1000) / 2;
  const isDerivable = secretOf(deps.secrets, live.nonce) !== null;
  return isDerivable && !chain.winners.has(live.nonce) && now - live.issuedAt <= halfLifeMs;
}
