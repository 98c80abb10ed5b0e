import type { App } from "../config/apps.ts";
import { tagOf } from "../ids.ts";
import { hasPlace } from "../limits/guess-place.ts";
import type { SessionRecord } from "../sessions/session.ts";
import { openRecord, longestLife, sealRecord, secondsLeft } from "../sessions/session.ts";
import type { NewSession, NumberInRole, SessionRef, SessionState } from "../store/port.ts";
import { ignoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import { secretOf } from "./codes.ts";
import type { ExhaustedGuesses } from "./exhausted.ts";
import type { Held, HoldDeps, HoldRefusal, HoldRequest } from "./hold.ts";
import { holdByAddress, holdByChallenge, isCode } from "./hold.ts";
import { OTHERS, randomAttemptId } from "./identity.ts";
import type { GuessRefusal } from "./judge.ts";
import { judgeGuess } from "./judge.ts";
import { watchedOf } from "./watched.ts";

export interface VerifyRequest extends HoldRequest {
  readonly app: App;
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
      /** What is sealed in the session; null where nothing of it is left. */
      readonly record: SessionRecord | null;
    }
  | { readonly ok: false; readonly refusal: VerifyRefusal };

export type VerifyRefusal = GuessRefusal | HoldRefusal;

/** Checks a guess. Refusals are values. Throws `StoreUnavailable`. */
export async function verifyCode(request: VerifyRequest, deps: VerifyDeps): Promise<VerifyResult> {
  const now = deps.now();
  const [subject, phoneId] = await Promise.all([
    deps.identity.subject(request.app.role, request.phone.e164),
    deps.identity.phoneId(request.phone.e164),
  ]);
  const held =
    request.challengeId === null
      ? await holdByAddress({ subject, phoneId }, request, { now, deps })
      : await holdByChallenge(subject, request.challengeId, { now, deps });
  return "refusal" in held
    ? { ok: false, refusal: held.refusal }
    : claim({ subject, phoneId }, held, { request, now, deps });
}

async function claim(
  { subject, phoneId }: NumberInRole,
  { nonce, holder, place }: Pick<Exclude<Held, { refusal: unknown }>, "nonce" | "holder" | "place">,
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
    isCode(subject, { nonce }, { request, deps }),
    secret.guessDigest({ subject, nonce, holder, guess }),
    idempotencyKey === null
      ? randomAttemptId(deps.random)
      : identity.attemptId({ subject, holder: attemptHolder, guess, idempotencyKey }),
    identity.userId(subject),
  ]);
  const ref = { subject, sid: await identity.sessionId(subject, attempt) };
  const record = { phone: request.phone.e164, createdAt: now, ...request.device };
  const session = await describeSession(ref, record, { request, deps });
  const claimed = await store.claimGuess({
    subject,
    phoneId,
    nonce,
    holder,
    attempt,
    now,
    guessDigest,
    isRight,
    session,
    place,
    watched: await watchedOf(request, deps),
  });
  const { log, isNewPlace: isNew } = claimed;
  const isWithinDay = place === null || hasPlace(log, { place, of: tagOf(subject), isNew }, { now, policy });
  const verdict = judgeGuess(
    { isRight, attempt, nonce, budget: policy.guessesPerChallenge, isWithinDay },
    claimed,
  );
  const isOpened = isOpenedHere(claimed.session, session);
  if (verdict.ok) {
    if (claimed.isCrowded) deps.defer(store.trimSignIns(subject));
    // An earlier try of the same attempt may have sealed another.
    const kept = isOpened ? record : await openKept(ref, claimed.session, deps);
    return { ...verdict, userId, ref, session: claimed.session, record: kept };
  }

  if (isNew && !isWithinDay) await store.releasePlace({ subject, phoneId }, place).catch(ignoreUnavailable);
  if (verdict.refusal.reason === "out_of_guesses") exhausted.remember(budget, now);
  // Before the response: whoever is refused here may sign in with the next request.
  if (isOpened) await store.undoSignIn(ref, attempt).catch(ignoreUnavailable);
  return { ok: false, refusal: verdict.refusal };
}

/** Sealed anew by each execution, so that a record which is this one's own was written by nobody before. */
function isOpenedHere({ record, ended }: SessionState, { sealedRecord }: NewSession): boolean {
  return ended === null && record === sealedRecord;
}

async function openKept(
  ref: SessionRef,
  { record }: SessionState,
  { seal }: VerifyDeps,
): Promise<SessionRecord | null> {
  return record === null ? null : openRecord(seal, ref, record);
}

/** The session that this guess opens if it is right; made for a wrong one too, which takes as long. */
async function describeSession(
  ref: SessionRef,
  record: SessionRecord,
  { request, deps }: { request: VerifyRequest; deps: VerifyDeps },
): Promise<NewSession> {
  return {
    sid: ref.sid,
    sealedRecord: await sealRecord(deps.seal, ref, record),
    ttlSeconds: secondsLeft(request.app, record.createdAt, record.createdAt),
    lifetimeSeconds: longestLife(request.app),
  };
}
