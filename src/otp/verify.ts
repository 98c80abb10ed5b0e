import type { App } from "../config/apps.ts";
import type { Holder, Subject } from "../ids.ts";
import type { Phone } from "../phone.ts";
import type { SessionRecord } from "../sessions/session.ts";
import { sealRecord, secondsLeft } from "../sessions/session.ts";
import type { NewSession, SessionRef, SessionState } from "../store/port.ts";
import { ignoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import type { Challenge } from "./challenge.ts";
import { secretOf } from "./codes.ts";
import type { ExhaustedGuesses } from "./exhausted.ts";
import type { HoldDeps, HoldRefusal, HoldRequest } from "./hold.ts";
import { holdByAddress, holdByChallenge, isCode } from "./hold.ts";
import { OTHERS, randomAttemptId } from "./identity.ts";
import type { GuessRefusal } from "./judge.ts";
import { judgeGuess } from "./judge.ts";

export interface VerifyRequest extends HoldRequest {
  readonly app: App;
  readonly phone: Phone;
  /** Decimal digits in ASCII. */
  readonly guess: string;
  readonly challengeId: string | null;
  readonly device: Pick<SessionRecord, "deviceId" | "deviceName" | "userAgent">;
}

export interface VerifyDeps extends HoldDeps {
  readonly exhausted: ExhaustedGuesses;
  readonly seal: Seal;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
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

export type VerifyRefusal = GuessRefusal | HoldRefusal;

/** Checks a guess. Refusals are values. Throws `StoreUnavailable`. */
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
  if (isOpenedHere(claimed.session, session)) await store.undoSignIn(ref, attempt).catch(ignoreUnavailable);
  return { ok: false, refusal: verdict.refusal };
}

/** Sealed anew by each execution, so that a record which is this one's own was written by nobody before. */
function isOpenedHere({ record, ended }: SessionState, { sealedRecord }: NewSession): boolean {
  return ended === null && record === sealedRecord;
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
