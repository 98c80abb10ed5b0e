import type { Policy } from "../config/policy.ts";
import type { Address, Subject } from "../ids.ts";
import { addressStanding, hourOf } from "../limits/address.ts";
import type { Standing } from "../limits/limit.ts";
import { allowedSends } from "../limits/subject.ts";
import type { GuessStore, OpenedGuess } from "../store/port.ts";
import { parseChallengeId } from "./challenge.ts";
import type { Challenge } from "./challenge.ts";
import type { IssuedCode } from "./chain.ts";
import { liveCode } from "./chain.ts";
import type { CodeSecrets } from "./codes.ts";
import { isRightGuess, secretOf } from "./codes.ts";
import type { Identity } from "./identity.ts";
import { OTHERS } from "./identity.ts";

export interface HoldRequest {
  readonly guess: string;
  readonly clientAddress: string;
  readonly idempotencyKey: string | null;
}

export interface HoldDeps {
  readonly store: GuessStore;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  /** Keeps work alive after the response. */
  readonly defer: (work: Promise<void>) => void;
}

export type HoldRefusal =
  | { readonly reason: "forged" | "expired" | "no_code" | "replaced" | "used" }
  | { readonly reason: "over_limit"; readonly longest: Standing };

/** A hold on a code, or why there is none. */
export type Held = Challenge | { readonly refusal: HoldRefusal };

/** No I/O: a forged, foreign or expired id costs no command. */
export async function holdByChallenge(
  subject: Subject,
  challengeId: string,
  { now, deps }: { now: number; deps: HoldDeps },
): Promise<Held> {
  const challenge = await parseChallengeId(deps.secrets, subject, challengeId);
  if (challenge === null) return { refusal: { reason: "forged" } };
  return isInTime(challenge, now, deps.policy) ? challenge : { refusal: { reason: "expired" } };
}

/** Without an id: the live code, held by the caller's address if it asked for that code, else by all others together. */
export async function holdByAddress(
  subject: Subject,
  request: HoldRequest,
  { now, deps }: { now: number; deps: HoldDeps },
): Promise<Held> {
  const address = await deps.identity.address(request.clientAddress);
  const counter = { purpose: "verify", address, window: hourOf(now) } as const;
  const opened = await deps.store.openGuess(counter, subject);
  const rule = { limit: "verifiesPerHourPerIp", quota: deps.policy.verifiesPerHourPerIp } as const;
  const longest = addressStanding(rule, opened.count, now);
  if (longest.waitMs > 0) {
    deps.defer(deps.store.refundGuess(counter));
    return { refusal: { reason: "over_limit", longest } };
  }
  const live = liveCode(opened.chain);
  if (live === null) return { refusal: { reason: "no_code" } };
  const matching = await codeTyped(subject, request.guess, { opened, deps });
  // A wrong guess on a used code says nothing and costs nothing: its winner may still have to ask again.
  if (matching === null && opened.chain.winners.has(live.nonce)) return { refusal: { reason: "used" } };
  const typed = matching ?? live;
  // A used code may be this caller's own repeat of the attempt that used it; any other replaced one costs nothing.
  const isRepeatable = request.idempotencyKey !== null && opened.chain.winners.has(typed.nonce);
  if (typed !== live && !isRepeatable) return { refusal: { reason: "replaced" } };
  if (!isInTime(typed, now, deps.policy)) return { refusal: { reason: "expired" } };
  const asked = hasAskedFor(typed, address, { opened, deps });
  return { ...typed, holder: asked ? await deps.identity.addressHolder(address) : OTHERS };
}

/** How far the clocks of two edge locations may lie apart. */
const CLOCK_SKEW_MS = 10_000;

/** Whether a send that was allowed, since this code was made, came from this address. */
function hasAskedFor(
  code: IssuedCode,
  address: Address,
  { opened, deps }: { opened: OpenedGuess; deps: HoldDeps },
): boolean {
  return allowedSends(opened.log, deps.policy).some(
    (send) =>
      send.at >= code.issuedAt - CLOCK_SKEW_MS && opened.chain.askers.get(send.invocation) === address,
  );
}

/** The newest code that has these digits. All are compared, whichever it is. */
async function codeTyped(
  subject: Subject,
  guess: string,
  { opened, deps }: { opened: OpenedGuess; deps: HoldDeps },
): Promise<IssuedCode | null> {
  const { codes } = opened.chain;
  const matches = await Promise.all(codes.map((code) => isCode(subject, code, { guess, deps })));
  return codes.findLast((_, index) => matches[index]) ?? null;
}

/** Whether the guess has the digits of this code. Takes as long whether it has or not. */
export async function isCode(
  subject: Subject,
  { nonce }: Pick<IssuedCode, "nonce">,
  { guess, deps }: { guess: string; deps: HoldDeps },
): Promise<boolean> {
  const code = await secretOf(deps.secrets, nonce)?.code({ subject, nonce, length: deps.policy.codeLength });
  return code !== undefined && isRightGuess(code, guess);
}

function isInTime({ issuedAt }: Pick<IssuedCode, "issuedAt">, now: number, policy: Policy): boolean {
  return now < issuedAt + policy.codeLifetimeSeconds * 1000;
}
