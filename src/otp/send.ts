import type { App } from "../config/apps.ts";
import type { Policy } from "../config/policy.ts";
import { hourOf } from "../limits/address.ts";
import { budgetsFor } from "../limits/budget.ts";
import type { Standing } from "../limits/limit.ts";
import { longestWait } from "../limits/limit.ts";
import type { KnownSend } from "../limits/send.ts";
import { sendStandings, staleSends, standingsAfter, standingsNow } from "../limits/send.ts";
import type { Phone } from "../phone.ts";
import type { SendSms } from "../sms/port.ts";
import type { Invocation, OpenSend } from "../store/port.ts";
import { ignoreUnavailable, StoreUnavailable } from "../store/port.ts";
import { createChallengeId } from "./challenge.ts";
import type { IssuedCode } from "./chain.ts";
import { chooseCode } from "./choose-code.ts";
import type { CodeSecrets } from "./codes.ts";
import { createNonce, secretOf } from "./codes.ts";
import type { Identity } from "./identity.ts";
import { randomInvocationId, randomSendId } from "./identity.ts";
import type { SentOutcome } from "./runs.ts";
import { POLL_MS, runOf } from "./runs.ts";
import type { RanSend, UndoDeps } from "./undo.ts";
import { refund, undoOnFailure } from "./undo.ts";

export interface SendRequest {
  readonly app: App;
  readonly phone: Phone;
  readonly clientAddress: string;
  readonly locale: string | null;
  readonly idempotencyKey: string | null;
}

export interface SendDeps extends UndoDeps {
  readonly sms: SendSms;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly policy: Policy;
  /** The longest that one run of a send can take; one without an ending after that is dead. */
  readonly runTimeoutMs: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
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
 * Sends the live code of a subject, or a new one. Refusals are values and leave no trace.
 * Throws `StoreUnavailable` before any SMS, never after one.
 */
export async function sendCode(request: SendRequest, deps: SendDeps): Promise<SendResult> {
  const send = await describeSend(request, deps);
  const reply = await undoOnFailure(send, deps, () => deps.store.openSend(send));
  const opened = { ...reply, neverSent: deps.neverSent.of(send.subject) };
  sweepStale(send, opened, deps);

  const run = runOf(send.invocation, opened.runs, {
    now: send.now,
    runTimeoutMs: deps.runTimeoutMs,
    isInTime: ({ code }) => secondsLeft(code, send.now, deps.policy) > 0,
  });
  if (run.kind === "running") return refuse(send, { reason: "in_progress", waitMs: run.waitMs }, deps);
  if (run.kind === "ended") return repeatAnswer(send, opened, { outcome: run.outcome, deps });

  const standings = sendStandings(send, opened, deps.policy);
  const longest = longestWait(standings);
  if (longest !== null)
    return refuse({ ...send, ran: run.kind === "ours" }, { reason: "over_limit", longest, standings }, deps);
  if (run.kind === "free" && !(await takeOver(send, run.from, deps))) {
    return refuse(send, { reason: "in_progress", waitMs: POLL_MS }, deps);
  }
  const owned = { ...send, ran: send.isKeyed };
  const code = await undoOnFailure(owned, deps, () => {
    // A full log drops whoever comes last, and the sweep above makes room for the next.
    if (!opened.log.some(({ invocation }) => invocation === send.invocation.id))
      throw new StoreUnavailable("malformed");
    return chooseCode(send.subject, { chain: opened.chain, now: send.now }, deps);
  });
  const outcome = await deps.sms({
    app: request.app,
    phone: request.phone,
    code: await digitsOf(code, send, deps),
    lifetimeSeconds: secondsLeft(code, send.now, deps.policy),
    locale: request.locale,
  });
  if (outcome === "rejected") return refuse(owned, { reason: "sms_rejected" }, deps);
  if (outcome === "unavailable") return refuse(owned, { reason: "sms_unavailable" }, deps);

  const delivery = outcome === "sent" ? "accepted" : "unconfirmed";
  // Before the response, so that a repeat finds it. If it is lost, the run counts as dead after its time.
  if (send.isKeyed) await deps.store.closeSend(send, { kind: delivery, code }).catch(ignoreUnavailable);
  return answer(send, { delivery, code, standings: standingsAfter(send, opened, deps.policy) }, deps);
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
    firstCode: { nonce: createNonce(secrets.current, deps.random), issuedAt: now },
    counter: { purpose: "send", address, window: hourOf(now) },
    budgets: budgetsFor(request.phone.country, now, policy),
  };
}

async function refuse(send: RanSend, refusal: SendRefusal, deps: SendDeps): Promise<SendResult> {
  await refund(send, { mayWait: refusal.reason === "over_limit" }, deps);
  return { ok: false, refusal };
}

async function repeatAnswer(
  send: OpenSend,
  opened: KnownSend,
  { outcome, deps }: { outcome: SentOutcome; deps: SendDeps },
): Promise<SendResult> {
  deps.defer(deps.store.refundSend({ ...send, ran: false }));
  const standings = standingsNow(send, opened, deps.policy);
  return answer(send, { delivery: outcome.kind, code: outcome.code, standings }, deps);
}

async function takeOver(send: OpenSend, from: Invocation, deps: SendDeps): Promise<boolean> {
  const runs = await undoOnFailure(send, deps, () => deps.store.takeOverSend(send, from));
  return runs.at(-1)?.invocation.id === send.invocation.id;
}

function sweepStale(
  send: OpenSend,
  opened: KnownSend,
  { store, policy, runTimeoutMs, defer }: SendDeps,
): void {
  const stale = staleSends(opened, { now: send.now, overdueMs: runTimeoutMs }, policy);
  if (stale.length > 0) defer(store.sweepLog(send.subject, stale));
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
  {
    delivery,
    code,
    standings,
  }: { delivery: SentOutcome["kind"]; code: IssuedCode; standings: readonly Standing[] },
  deps: SendDeps,
): Promise<SendResult> {
  const holder = await deps.identity.requester(send.subject, send.sendId);
  return {
    ok: true,
    delivery,
    challengeId: await createChallengeId(deps.secrets, send.subject, { ...code, holder }),
    expiresInSeconds: secondsLeft(code, send.now, deps.policy),
    resendInSeconds: Math.ceil((longestWait(standings)?.waitMs ?? 0) / 1000),
  };
}
