import type { IssuedCode } from "../store/code-chain.ts";
import type { Policy } from "../config/policy.ts";
import type { Address, GuessPlace, Holder, SendId, Subject } from "../ids.ts";
import { guessPlace, sendPlace, tagOf } from "../ids.ts";
import { addressStanding, hourOf } from "../limits/address.ts";
import { hasPlace } from "../limits/guess-place.ts";
import type { Standing } from "../limits/limit.ts";
import { allowedSends } from "../limits/subject.ts";
import type { Phone } from "../phone.ts";
import type { GuessStore, OpenedGuess } from "../store/guess-port.ts";
import type { NumberInRole } from "../store/send-port.ts";
import { CLOCK_SKEW_MS } from "../time.ts";
import { parseChallengeId } from "./challenge.ts";
import type { Challenge } from "./challenge.ts";
import { liveCode } from "./chain.ts";
import type { CodeSecrets } from "./codes.ts";
import { isRightGuess, secretOf } from "./codes.ts";
import type { Identity } from "../identity.ts";
import { OTHERS } from "../identity.ts";

export interface ResolveRequest {
  readonly phone: Phone;
  readonly guess: string;
  readonly clientAddress: string;
  /** Who runs the caller's network, such as `AS55836`; null where Cloudflare does not say. */
  readonly operator: string | null;
  readonly idempotencyKey: string | null;
}

export interface ResolveDeps {
  readonly store: GuessStore;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  /** Keeps work alive after the response. */
  readonly defer: (work: Promise<void>) => void;
}

export type ResolveRefusal =
  | { readonly reason: "forged" | "expired" | "no_code" | "replaced" | "used" | "out_of_guesses" }
  | { readonly reason: "over_limit"; readonly longest: Standing };

/** Which code is guessed at and by whose guesses, and the place in the day's budget that wrong ones claim; or why none. */
export type ResolvedChallenge = (Challenge & Place) | { readonly refusal: ResolveRefusal };

interface Place {
  readonly place: GuessPlace | null;
  /** Whose guesses a caller who asked has left where others take the day's last place before him. */
  readonly standIn: { readonly holder: Holder; readonly place: GuessPlace } | null;
}

const NO_PLACE: Place = { place: null, standIn: null };

/** No I/O: a forged, foreign or expired id costs no command. */
export async function challengeById(
  subject: Subject,
  challengeId: string,
  { now, deps }: { now: number; deps: ResolveDeps },
): Promise<ResolvedChallenge> {
  const challenge = await parseChallengeId(deps.secrets, subject, challengeId);
  if (challenge === null) return { refusal: { reason: "forged" } };
  return isInTime(challenge, now, deps.policy)
    ? { ...challenge, ...NO_PLACE }
    : { refusal: { reason: "expired" } };
}

/** Without an id: the live code, held by the caller's address if it asked for that code, else by all others together. */
export async function challengeByAddress(
  { subject, phoneId }: NumberInRole,
  request: ResolveRequest,
  { now, deps }: { now: number; deps: ResolveDeps },
): Promise<ResolvedChallenge> {
  const address = await deps.identity.address(request.clientAddress);
  const counter = { purpose: "verify", address, window: hourOf(now) } as const;
  const opened = await deps.store.openGuess(counter, { subject, phoneId });
  const rule = { limit: "verifiesPerHourPerIp", quota: deps.policy.verifiesPerHourPerIp } as const;
  const longest = addressStanding(rule, opened.count, now);
  if (longest.waitMs > 0) {
    deps.defer(deps.store.refundGuess(counter, { subject, phoneId }));
    return { refusal: { reason: "over_limit", longest } };
  }
  const live = liveCode(opened.chain);
  if (live === null) return { refusal: { reason: "no_code" } };
  const matching = await codeTyped(subject, request, { opened, deps });
  // A wrong guess on a used code says nothing and costs nothing: its winner may still have to ask again.
  if (matching === null && opened.chain.winners.has(live.nonce)) return { refusal: { reason: "used" } };
  const typed = matching ?? live;
  // A used code may be this caller's own repeat of the attempt that used it; any other replaced one costs nothing.
  const isRepeatable = request.idempotencyKey !== null && opened.chain.winners.has(typed.nonce);
  if (typed !== live && !isRepeatable) return { refusal: { reason: "replaced" } };
  if (!isInTime(typed, now, deps.policy)) return { refusal: { reason: "expired" } };
  const asked = sendsFor(typed, { address, subject }, { opened, deps });
  const lastAsked = asked.at(-1) ?? null;
  const holder =
    lastAsked === null
      ? OTHERS
      : await deps.identity.addressHolder(address, askedAgain(asked, now, deps.policy));
  // A test number's sends are unlimited, so they say nothing of places.
  if (isRepeatable || request.phone.fixedCode !== null) return { ...typed, holder, ...NO_PLACE };
  const place = guessPlace(typed.nonce, holder);
  // The guesses that his send came with.
  const standIn =
    lastAsked === null
      ? null
      : {
          holder: await deps.identity.requester(subject, lastAsked.sendId),
          place: sendPlace(typed.nonce, lastAsked.sendId),
        };
  const day = { now, policy: deps.policy };
  if (hasPlace(opened.log, { place, of: tagOf(subject) }, day)) return { ...typed, holder, place, standIn };
  return standIn === null
    ? { refusal: { reason: "out_of_guesses" } }
    : { ...typed, ...standIn, standIn: null };
}

interface AskedSend {
  readonly sendId: SendId;
  readonly at: number;
}

/** The sends that were allowed, since this code was made, from this address; the last of them last. */
function sendsFor(
  code: IssuedCode,
  { address, subject }: { readonly address: Address; readonly subject: Subject },
  { opened, deps }: { opened: OpenedGuess; deps: ResolveDeps },
): readonly AskedSend[] {
  const { policy } = deps;
  // Of two sends that are a pause apart, the one before the code did not ask for it.
  const pauseMs = policy.resendAfterSeconds * 1000 || Infinity;
  const skewMs = Math.min(CLOCK_SKEW_MS, pauseMs / 2);
  return allowedSends(opened.log, policy)
    .filter(
      ({ at, of, asker }) =>
        of === tagOf(subject) && at >= code.issuedAt - skewMs && asker?.address === address,
    )
    .flatMap(({ at, asker }) => (asker === null ? [] : [{ sendId: asker.sendId, at }]));
}

/**
 * Whoever asks again has guesses anew, also where the SMS brings the same code; null as long as he asked once. Not by a
 * send that may yet fail: one that is so old is done, or SNS and the store are slow.
 */
function askedAgain(asked: readonly AskedSend[], now: number, policy: Policy): SendId | null {
  return asked.slice(1).findLast(({ at }) => at <= now - policy.smsTimeoutMs)?.sendId ?? null;
}

/** The newest code that has these digits. All are compared, whichever it is. */
async function codeTyped(
  subject: Subject,
  request: ResolveRequest,
  { opened, deps }: { opened: OpenedGuess; deps: ResolveDeps },
): Promise<IssuedCode | null> {
  const { codes } = opened.chain;
  const matches = await Promise.all(codes.map((code) => isCode(subject, code, { request, deps })));
  return codes.findLast((_, index) => matches[index]) ?? null;
}

/** Whether the guess has the digits of this code. Takes as long whether it has or not. */
export async function isCode(
  subject: Subject,
  { nonce }: Pick<IssuedCode, "nonce">,
  { request, deps }: { request: Pick<ResolveRequest, "phone" | "guess">; deps: ResolveDeps },
): Promise<boolean> {
  const code = await secretOf(deps.secrets, nonce)?.code({ subject, nonce, length: deps.policy.codeLength });
  return code !== undefined && isRightGuess(request.phone.fixedCode ?? code, request.guess);
}

function isInTime({ issuedAt }: Pick<IssuedCode, "issuedAt">, now: number, policy: Policy): boolean {
  return now < issuedAt + policy.codeLifetimeSeconds * 1000;
}
