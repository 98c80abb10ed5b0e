import type { App } from "../config/apps.ts";
import type { Policy } from "../config/policy.ts";
import { addressStanding, hourOf } from "../limits/address.ts";
import type { Standing } from "../limits/limit.ts";
import { allowedSends } from "../limits/subject.ts";
import type { Phone } from "../phone.ts";
import type { SessionRecord } from "../sessions/session.ts";
import { sealRecord, secondsLeft } from "../sessions/session.ts";
import type { GuessStore, NewSession, OpenedGuess, SessionRef, SessionState } from "../store/port.ts";
import { StoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import { parseChallengeId } from "./challenge.ts";
import type { Challenge } from "./challenge.ts";
import type { IssuedCode } from "./chain.ts";
import { liveCode } from "./chain.ts";
import type { CodeSecrets } from "./codes.ts";
import { isRightGuess, secretOf } from "./codes.ts";
import type { ExhaustedGuesses } from "./exhausted.ts";
import type { Address, Holder, Identity, Subject } from "./identity.ts";
import { OTHERS, randomAttemptId } from "./identity.ts";
import type { GuessRefusal } from "./judge.ts";
import { judgeGuess } from "./judge.ts";

export interface VerifyRequest {
  readonly app: App;
  readonly phone: Phone;
  /** Decimal digits in ASCII. */
  readonly guess: string;
  readonly challengeId: string | null;
  readonly device: Pick<SessionRecord, "deviceId" | "deviceName" | "userAgent">;
  readonly clientAddress: string;
  readonly idempotencyKey: string | null;
}

export interface VerifyDeps {
  readonly store: GuessStore;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  readonly exhausted: ExhaustedGuesses;
  readonly seal: Seal;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** Keeps work alive after the response. */
  readonly defer: (work: Promise<void>) => void;
}

export type VerifyResult =
  | {
      readonly ok: true;
      readonly userId: string;
      readonly isFirstSignIn: boolean;
      readonly ref: SessionRef;
      readonly session: SessionState;
    }
  | { readonly ok: false; readonly refusal: VerifyRefusal };

export type VerifyRefusal =
  | GuessRefusal
  | { readonly reason: "forged" | "expired" | "no_code" }
  | { readonly reason: "over_limit"; readonly longest: Standing };

/** Checks a guess (DESIGN section 2, "Verify"). Refusals are values. Throws `StoreUnavailable`. */
export async function verifyCode(request: VerifyRequest, deps: VerifyDeps): Promise<VerifyResult> {
  const now = deps.now();
  const subject = await deps.identity.subject(request.app.role, request.phone.e164);
  const held =
    request.challengeId === null
      ? await holdByAddress(subject, request, { now, deps })
      : await holdByChallenge(subject, request.challengeId, { now, deps });
  return "refusal" in held
    ? { ok: false, refusal: held.refusal }
    : claim(subject, held, { request, now, deps });
}

type Held = Challenge | { readonly refusal: VerifyRefusal };

/** No I/O: a forged, foreign or expired id costs no command. */
async function holdByChallenge(
  subject: Subject,
  challengeId: string,
  { now, deps }: { now: number; deps: VerifyDeps },
): Promise<Held> {
  const challenge = await parseChallengeId(deps.secrets, subject, challengeId);
  if (challenge === null) return { refusal: { reason: "forged" } };
  return isInTime(challenge, now, deps.policy) ? challenge : { refusal: { reason: "expired" } };
}

/** Without an id: the live code, held by the caller's address if it asked for that code, else by all others together. */
async function holdByAddress(
  subject: Subject,
  request: VerifyRequest,
  { now, deps }: { now: number; deps: VerifyDeps },
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
  const typed = (await codeTyped(subject, request.guess, { opened, deps })) ?? live;
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
  { opened, deps }: { opened: OpenedGuess; deps: VerifyDeps },
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
  { opened, deps }: { opened: OpenedGuess; deps: VerifyDeps },
): Promise<IssuedCode | null> {
  const { codes } = opened.chain;
  const matches = await Promise.all(codes.map((code) => isCode(subject, code, { guess, deps })));
  return codes.findLast((_, index) => matches[index]) ?? null;
}

async function isCode(
  subject: Subject,
  { nonce }: Pick<IssuedCode, "nonce">,
  { guess, deps }: { guess: string; deps: VerifyDeps },
): Promise<boolean> {
  const code = await secretOf(deps.secrets, nonce)?.code({ subject, nonce, length: deps.policy.codeLength });
  return code !== undefined && isRightGuess(code, guess);
}

async function claim(
  subject: Subject,
  { nonce, holder }: { readonly nonce: Challenge["nonce"]; readonly holder: Holder },
  { request, now, deps }: { request: VerifyRequest; now: number; deps: VerifyDeps },
): Promise<VerifyResult> {
  const { exhausted, identity, policy, store } = deps;
  const secret = secretOf(deps.secrets, nonce);
  if (secret === null) return { ok: false, refusal: { reason: "no_code" } };
  const budget = { subject, nonce, holder };
  if (exhausted.has(budget, now)) return { ok: false, refusal: { reason: "out_of_guesses" } };

  const { guess, idempotencyKey } = request;
  // Without a challenge id the caller is whoever has the key: between two tries a phone may change its network.
  const attemptHolder = request.challengeId === null ? OTHERS : holder;
  const [isRight, guessDigest, attempt, userId] = await Promise.all([
    isCode(subject, { nonce }, { guess, deps }),
    secret.guessDigest({ subject, nonce, holder, guess }),
    idempotencyKey === null
      ? randomAttemptId(deps.random)
      : identity.attemptId({ subject, holder: attemptHolder, guess, idempotencyKey }),
    identity.userId(subject),
  ]);
  const ref = { subject, sid: await identity.sessionId(subject, attempt) };
  const session = await describeSession(ref, { request, now, deps });
  const claimed = await store.claimGuess({
    subject,
    nonce,
    holder,
    attempt,
    now,
    guessDigest,
    isRight,
    session,
  });
  const verdict = judgeGuess({ isRight, attempt, nonce, budget: policy.guessesPerChallenge }, claimed);
  if (verdict.ok) return { ...verdict, userId, ref, session: claimed.session };

  if (verdict.refusal.reason === "out_of_guesses") exhausted.remember(budget, now);
  // Before the response: whoever is refused here may sign in with the next request.
  if (claimed.isFirstExecution) await store.undoSignIn(ref, attempt).catch(ignoreUnavailable);
  return { ok: false, refusal: verdict.refusal };
}

/** The session that this guess opens if it is right; made for a wrong one too, which takes as long. */
async function describeSession(
  ref: SessionRef,
  { request, now, deps }: { request: VerifyRequest; now: number; deps: VerifyDeps },
): Promise<NewSession> {
  const record = { phone: request.phone.e164, createdAt: now, ...request.device };
  return {
    sid: ref.sid,
    sealedRecord: await sealRecord(deps.seal, ref, record),
    ttlSeconds: secondsLeft(request.app, now, now),
  };
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}

function isInTime({ issuedAt }: Pick<IssuedCode, "issuedAt">, now: number, policy: Policy): boolean {
  return now < issuedAt + policy.codeLifetimeSeconds * 1000;
}
