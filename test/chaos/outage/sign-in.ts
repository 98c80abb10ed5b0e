import { setTimeout } from "node:timers/promises";
import { nextAddress, nextPhone } from "../../bench/caller.ts";
import type { HeldCode } from "../load/service.ts";
import type { Insisted, Scene } from "./scene.ts";
import { insist, isLost, isUnavailable, tell } from "./scene.ts";

/** How somebody goes about it. */
export interface Manner {
  /** Whether his app tells a repeat from another try, by `Idempotency-Key`. */
  readonly isKeyed: boolean;
  readonly hasChallenge: boolean;
  /** Type the code at once, each by an app that is keyed. */
  readonly callers: 1 | 2;
  /** From the SMS to the code typed. */
  think(): Promise<unknown>;
}

export interface SignIn {
  readonly phone: string;
  readonly isIn: boolean;
  /** How many codes it took. */
  readonly codes: number;
  /** Sends that were answered with 200, and those of them that said `unconfirmed`. */
  readonly sends: number;
  readonly unconfirmed: number;
}

interface Person extends Manner {
  readonly phone: string;
  readonly address: string;
}

interface Sent {
  readonly held: HeldCode | null;
  readonly sentAt: number;
  readonly isConfirmed: boolean;
}

const MOST_CODES = 6;

/** Gets somebody in, by as many codes as it takes, and checks each answer on the way against what was promised. */
export async function signIn(scene: Scene, manner: Manner): Promise<SignIn> {
  const person = { ...manner, phone: nextPhone(), address: nextAddress() };
  let [sends, unconfirmed] = [0, 0];
  // A code that the store lost takes its limits with it.
  let mayHaveToWait = false;
  for (let codes = 1; codes <= MOST_CODES; codes += 1) {
    const sent = await obtainCode(scene, person, { codes, mayHaveToWait });
    if (sent === null) break;
    sends += 1;
    if (!sent.isConfirmed) unconfirmed += 1;
    if (sent.held !== null) await person.think();
    const refreshToken = sent.held === null ? null : await typeCode(scene, person, { ...sent, codes });
    if (sent.held !== null && refreshToken !== null) {
      const signedInAt = performance.now();
      await proveUsed(scene, sent.held);
      await refreshOnce(scene, { refreshToken, signedInAt });
      return { phone: person.phone, isIn: true, codes, sends, unconfirmed };
    }
    mayHaveToWait = !isLost(scene, sent.sentAt);
  }
  scene.failures.add("somebody did not get in");
  return { phone: person.phone, isIn: false, codes: MOST_CODES, sends, unconfirmed };
}

async function obtainCode(
  { service, inbox, failures }: Scene,
  { phone, address, hasChallenge, isKeyed }: Person,
  { codes, mayHaveToWait }: { readonly codes: number; readonly mayHaveToWait: boolean },
): Promise<Sent | null> {
  const caller = { address, ...(isKeyed ? { idempotencyKey: `send-${codes}` } : {}) };
  const { answer } = await insist(
    () => service.send(phone, caller),
    ({ status }) => status === 503 || (status === 429 && mayHaveToWait),
  );
  if (answer.status !== 200) {
    failures.add(tell(answer));
    return null;
  }
  const code = await inbox.codeFor(phone);
  const isConfirmed = answer.data.delivery === "accepted";
  if (code === null && isConfirmed) failures.add("an SMS was accepted and did not come");
  const challengeId = hasChallenge ? (answer.data.challengeId ?? null) : null;
  const held = code === null ? null : { phone, code, challengeId };
  return { held, sentAt: answer.endedAt, isConfirmed };
}

/** A refresh token; null where the code is gone for a reason. */
async function typeCode(
  scene: Scene,
  { address, isKeyed, callers, phone }: Person,
  { held, sentAt, codes }: Sent & { readonly codes: number },
): Promise<string | null> {
  const asked = { phone, code: "", challengeId: null, ...held };
  const tries = await Promise.all(
    Array.from({ length: callers }, (_, index) => {
      const key = isKeyed || callers > 1 ? { idempotencyKey: `verify-${codes}-${index}` } : {};
      return insist(() => scene.service.verify(asked, { address, ...key }), isUnavailable);
    }),
  );
  const winners = tries.filter(({ answer }) => answer.status === 200);
  if (winners.length > 1) scene.failures.add("a code signed in twice");
  const losers = tries.filter((one) => one.answer.status !== 200);
  const isExcused = ({ unanswered }: Insisted): boolean =>
    winners.length === 1 || isLost(scene, sentAt) || (!isKeyed && callers === 1 && unanswered > 0);
  for (const loser of losers)
    if (loser.answer.code !== "OTP_EXPIRED" || !isExcused(loser)) scene.failures.add(tell(loser.answer));
  return winners[0]?.answer.data.tokens?.refreshToken ?? null;
}

/** Somebody who has seen the code tries it once more. */
async function proveUsed({ service, failures }: Scene, held: HeldCode): Promise<void> {
  const { answer } = await insist(() => service.verify(held, { address: nextAddress() }), isUnavailable);
  if (answer.code !== "OTP_EXPIRED") failures.add(`a used code: ${tell(answer)}`);
}

async function refreshOnce(
  scene: Scene,
  { refreshToken, signedInAt }: { readonly refreshToken: string; readonly signedInAt: number },
): Promise<void> {
  const { answer } = await insist(() => scene.service.refresh(refreshToken), isUnavailable);
  if (answer.status === 200 || (answer.code === "UNAUTHORIZED" && isLost(scene, signedInAt))) return;
  scene.failures.add(tell(answer));
}

export function thinkFor(milliseconds: number): Manner["think"] {
  return () => setTimeout(milliseconds);
}
