import type { App } from "../config/apps.ts";
import type { SessionRecord } from "../sessions/session.ts";
import type { Guess } from "../store/guess-port.ts";
import type { NumberInRole } from "../store/send-port.ts";
import type { SessionRef, SessionState } from "../store/session-port.ts";
import { ignoreUnavailable } from "../store/port.ts";
import type { Seal } from "../tokens/seal.ts";
import { secretOf } from "./codes.ts";
import { evaluateGuess } from "./evaluate-guess.ts";
import type { ExhaustedGuesses } from "./exhausted.ts";
import type { ResolvedChallenge, ResolveDeps, ResolveRefusal, ResolveRequest } from "./resolve-challenge.ts";
import { challengeByAddress, challengeById, isCode } from "./resolve-challenge.ts";
import { OTHERS, randomAttemptId } from "../identity.ts";
import type { GuessRefusal } from "./judge.ts";
import { describeSession, isOpenedHere, openKept } from "../sessions/opened-session.ts";
import { watchedOf } from "./watched.ts";

export interface VerifyRequest extends ResolveRequest {
  readonly app: App;
  /** Decimal digits in ASCII. */
  readonly guess: string;
  readonly challengeId: string | null;
  readonly device: Pick<SessionRecord, "deviceId" | "deviceName" | "userAgent">;
}

export interface VerifyDeps extends ResolveDeps {
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

export type VerifyRefusal = GuessRefusal | ResolveRefusal;

/** Checks a guess. Refusals are values. Throws `StoreUnavailable`. */
export async function verifyCode(request: VerifyRequest, deps: VerifyDeps): Promise<VerifyResult> {
  const now = deps.now();
  const [subject, phoneId] = await Promise.all([
    deps.identity.subject(request.app.role, request.phone.e164),
    deps.identity.phoneId(request.phone.e164),
  ]);
  const resolved =
    request.challengeId === null
      ? await challengeByAddress({ subject, phoneId }, request, { now, deps })
      : await challengeById(subject, request.challengeId, { now, deps });
  return "refusal" in resolved
    ? { ok: false, refusal: resolved.refusal }
    : claim({ subject, phoneId }, resolved, { request, now, deps });
}

async function claim(
  number: NumberInRole,
  { nonce, holder, place, standIn }: Exclude<ResolvedChallenge, { refusal: unknown }>,
  { request, now, deps }: { request: VerifyRequest; now: number; deps: VerifyDeps },
): Promise<VerifyResult> {
  const { subject } = number;
  const { exhausted, identity, store } = deps;
  const secret = secretOf(deps.secrets, nonce);
  if (secret === null) return { ok: false, refusal: { reason: "no_code" } };
  const remembered = exhausted.refusalOf({ subject, nonce, holder }, now);
  if (remembered === "out_of_guesses") return { ok: false, refusal: { reason: remembered } };

  const { guess, idempotencyKey } = request;
  // Without a challenge id the caller is whoever has the key: between two tries a phone may change its network.
  const attemptHolder = request.challengeId === null ? OTHERS : holder;
  const [isRight, attempt, userId, watched] = await Promise.all([
    isCode(subject, { nonce }, { request, deps }),
    idempotencyKey === null
      ? randomAttemptId(deps.random)
      : identity.attemptId({ subject, holder: attemptHolder, guess, idempotencyKey }),
    identity.userId(subject),
    watchedOf(request, deps),
  ]);
  // The winner's own repeat is right.
  if (remembered === "used" && !isRight) return { ok: false, refusal: { reason: remembered } };
  const ref = { subject, sid: await identity.sessionId(subject, attempt) };
  const record = { phone: request.phone.e164, createdAt: now, ...request.device };
  const session = await describeSession(ref, record, { app: request.app, deps });

  const guessAs = async (as: Pick<Guess, "holder" | "place">) => {
    const guessDigest = await secret.guessDigest({ subject, nonce, holder: as.holder, guess });
    const attempted = { attempt, now, guessDigest, isRight, session, watched };
    return evaluateGuess({ ...number, nonce, ...as, ...attempted }, deps);
  };

  const first = await guessAs({ holder, place });
  const last = first.isOvertaken && standIn !== null ? await guessAs(standIn) : first;
  const { claimed, verdict } = last;
  const isOpened = [first, last].some((one) => isOpenedHere(one.claimed.session, session));
  if (verdict.ok) {
    if (claimed.isCrowded) deps.defer(store.trimSignIns(subject));
    // An earlier try of the same attempt may have sealed another.
    const kept = isOpened ? record : await openKept(ref, claimed.session, deps);
    return { ...verdict, userId, ref, session: claimed.session, record: kept };
  }

  const { refusal } = verdict;
  // Who has guessed behind a winner may be the winner: his repeat is not to be stopped here.
  const over = last.isBehindWinner ? "used" : "out_of_guesses";
  if (refusal.reason === over) exhausted.remember({ subject, nonce, holder: last.holder }, over, now);
  // Before the response: whoever is refused here may sign in with the next request.
  if (isOpened) await store.undoSignIn(ref, attempt).catch(ignoreUnavailable);
  return { ok: false, refusal };
}
