import type { App } from "../config/apps.ts";
import type { Policy } from "../config/policy.ts";
import { hourOf } from "../limits/address.ts";
import { budgetsFor } from "../limits/budget.ts";
import type { Standing } from "../limits/limit.ts";
import { longestWait } from "../limits/limit.ts";
import { sendStandings, standingsAfter } from "../limits/send.ts";
import type { Phone } from "../phone.ts";
import type { SendSms } from "../sms/port.ts";
import type { OpenedSend, OpenSend, Store } from "../store/port.ts";
import { StoreUnavailable } from "../store/port.ts";
import { createChallengeId } from "./challenge.ts";
import type { IssuedCode } from "./chain.ts";
import { chooseCode } from "./choose-code.ts";
import type { CodeSecrets } from "./codes.ts";
import { createNonce, secretOf } from "./codes.ts";
import type { Identity } from "./identity.ts";
import { randomInvocationId, randomSendId } from "./identity.ts";
import { ownRun } from "./runs.ts";

export interface SendRequest {
  readonly app: App;
  readonly phone: Phone;
  readonly clientAddress: string;
  readonly locale: string | null;
  readonly idempotencyKey: string | null;
}

export interface SendDeps {
  readonly store: Store;
  readonly sms: SendSms;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  /** The longest that one run of a send can take; one without an ending after that is dead. */
  readonly runTimeoutMs: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** Keeps work alive after the response. */
  readonly defer: (work: Promise<void>) => void;
}

export type SendResult =
  | {
      readonly ok: true;
      readonly delivery: "accepted" | "unconfirmed";
      readonly challengeId: string;
      readonly expiresInSeconds: number;
      readonly resendInSeconds: number;
    }
  | { readonly ok: false; readonly refusal: SendRefusal };

export type SendRefusal =
  | { readonly reason: "over_limit"; readonly longest: Standing; readonly standings: readonly Standing[] }
  | { readonly reason: "in_progress"; readonly waitMs: number }
  | { readonly reason: "sms_rejected" }
  | { readonly reason: "sms_unavailable" };

/**
 * Sends the live code of a subject, or a new one (DESIGN section 2, "Send"). Refusals are values and leave no trace.
 * Throws `StoreUnavailable` before any SMS, never after one.
 */
export async function sendCode(request: SendRequest, deps: SendDeps): Promise<SendResult> {
  const send = await describeSend(request, deps);
  const opened = await openSend(send, deps);

  const run = await ownRun(send, opened.runs, deps);
  if (run.kind !== "ours") deps.defer(deps.store.refundCounts(send));
  if (run.kind === "running") return { ok: false, refusal: { reason: "in_progress", waitMs: run.waitMs } };
  if (run.kind === "ended") return answer(send, { ...run.outcome, delivery: run.outcome.kind, opened }, deps);

  const standings = sendStandings(send, opened, deps.policy);
  const longest = longestWait(standings);
  if (longest !== null) return refuse(send, { reason: "over_limit", longest, standings }, deps);
  if (!opened.log.some((logged) => logged.sendId === send.sendId)) throw new StoreUnavailable("malformed");

  const code = await codeFor(send, opened, deps);
  const outcome = await deps.sms({
    app: request.app,
    phone: request.phone,
    code: await digitsOf(code, send, deps),
    lifetimeSeconds: secondsLeft(code, send.now, deps.policy),
    locale: request.locale,
  });
  if (outcome === "rejected") return refuse(send, { reason: "sms_rejected" }, deps);
  if (outcome === "unavailable") return refuse(send, { reason: "sms_unavailable" }, deps);

  const delivery = outcome === "sent" ? "accepted" : "unconfirmed";
  // Before the response, so that a repeat finds it. If it is lost, the run counts as dead after its time.
  if (send.isKeyed) await deps.store.closeSend(send, { kind: delivery, code }).catch(ignoreUnavailable);
  return answer(send, { delivery, code, opened }, deps);
}

async function describeSend(
  request: SendRequest,
  { identity, secrets, policy, ...deps }: SendDeps,
): Promise<OpenSend> {
  const now = deps.now();
  const [subject, address] = await Promise.all([
    identity.subject(request.app.role, request.phone.e164),
    identity.address(request.clientAddress),
  ]);
  const key = request.idempotencyKey;
  return {
    subject,
    address,
    now,
    sendId: key === null ? randomSendId(deps.random) : await identity.sendId(subject, key),
    isKeyed: key !== null,
    invocation: { id: randomInvocationId(deps.random), startedAt: now },
    firstCode: { nonce: createNonce(secrets.current, deps.random), issuedAt: now, after: null },
    counter: { purpose: "send", address, window: hourOf(now) },
    budgets: budgetsFor(request.phone.country, now, policy),
  };
}

/** A send whose fate is unknown is taken out of the log, so that the person is not kept waiting for an SMS never sent. */
async function openSend(send: OpenSend, { store, defer }: SendDeps): Promise<OpenedSend> {
  try {
    return await store.openSend(send);
  } catch (error) {
    defer(store.withdrawSend(send));
    throw error;
  }
}

/** Under an `Idempotency-Key` the refund comes before the response, so that the key is free when the caller repeats. */
async function refuse(send: OpenSend, refusal: SendRefusal, { store, defer }: SendDeps): Promise<SendResult> {
  const refund = store.refundSend(send);
  if (send.isKeyed) await refund.catch(ignoreUnavailable);
  else defer(refund);
  return { ok: false, refusal };
}

/** A send that got no code is counted back: nobody was told anything. */
async function codeFor(send: OpenSend, opened: OpenedSend, deps: SendDeps): Promise<IssuedCode> {
  try {
    return await chooseCode(send.subject, { chain: opened.chain, now: send.now }, deps);
  } catch (error) {
    deps.defer(deps.store.refundSend(send));
    throw error;
  }
}

async function digitsOf(
  code: IssuedCode,
  { subject }: OpenSend,
  { secrets, policy }: SendDeps,
): Promise<string> {
  const secret = secretOf(secrets, code.nonce);
  if (secret === null) throw new Error("a code was chosen that no secret derives");
  return secret.code({ subject, nonce: code.nonce, length: policy.codeLength });
}

function secondsLeft(code: IssuedCode, now: number, policy: Policy): number {
  return Math.max(0, Math.floor((code.issuedAt - now) / 1000 + policy.codeLifetimeSeconds));
}

async function answer(
  send: OpenSend,
  { delivery, code, opened }: { delivery: "accepted" | "unconfirmed"; code: IssuedCode; opened: OpenedSend },
  { identity, secrets, policy }: SendDeps,
): Promise<SendResult> {
  const holder = await identity.requester(send.subject, send.sendId);
  const nextSend = longestWait(standingsAfter(send, opened, policy));
  return {
    ok: true,
    delivery,
    challengeId: await createChallengeId(secrets, send.subject, { ...code, holder }),
    expiresInSeconds: secondsLeft(code, send.now, policy),
    resendInSeconds: Math.ceil((nextSend?.waitMs ?? 0) / 1000),
  };
}

function ignoreUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
