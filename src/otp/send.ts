import type { IssuedCode } from "../store/code-chain.ts";
import type { App } from "../config/apps.ts";
import type { Policy } from "../config/policy.ts";
import type { Standing } from "../limits/limit.ts";
import { longestWait } from "../limits/limit.ts";
import type { KnownSend } from "../limits/send.ts";
import { staleSends, standingsAfter, standingsNow } from "../limits/send.ts";
import type { Phone } from "../phone.ts";
import type { SendSms, SmsOutcome } from "../sms/port.ts";
import type { Invocation, OpenSend } from "../store/send-port.ts";
import { ignoreUnavailable, StoreUnavailable } from "../store/port.ts";
import { createChallengeId } from "./challenge.ts";
import { forgettable } from "./chain.ts";
import { chooseCode } from "./choose-code.ts";
import { secretOf } from "./codes.ts";
import type { DescribeDeps } from "./describe-send.ts";
import { describeSend } from "./describe-send.ts";
import type { JudgeDeps } from "./judge-send.ts";
import { judgeSend } from "./judge-send.ts";
import type { SentOutcome } from "./runs.ts";
import { POLL_MS, runOf } from "./runs.ts";
import type { RanSend, UndoDeps } from "./undo.ts";
import { refund, undoOnFailure } from "./undo.ts";

export interface SendRequest {
  readonly app: App;
  readonly phone: Phone;
  readonly clientAddress: string;
  /** Who runs the caller's network, such as `AS55836`; null where Cloudflare does not say. */
  readonly operator: string | null;
  /** Whether the caller has proof of an earlier sign-in with this number. */
  readonly isProven: boolean;
  readonly locale: string | null;
  readonly idempotencyKey: string | null;
}

export interface SendDeps extends UndoDeps, DescribeDeps, JudgeDeps {
  readonly sms: SendSms;
  /** The longest that one run of a send can take; one without an ending after that is dead. */
  readonly runTimeoutMs: number;
}

export type SendResult =
  | {
      readonly ok: true;
      readonly delivery: "accepted" | "unconfirmed";
      readonly challengeId: string;
      readonly expiresInSeconds: number;
      readonly resendInSeconds: number;
      /** Of the subject, this send counted. */
      readonly standings: readonly Standing[];
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
  const opened = { ...reply, neverSent: deps.neverSent.of(send.phoneId) };
  tidyUp(send, opened, deps);

  const run = runOf(send.invocation, opened.runs, {
    now: send.now,
    runTimeoutMs: deps.runTimeoutMs,
    neverSent: opened.neverSent,
    isInTime: ({ code }) => secondsLeft(code, send.now, deps.policy) > 0,
  });
  if (run.kind === "running") return refuse(send, { reason: "in_progress", waitMs: run.waitMs }, deps);
  if (run.kind === "ended") return repeatAnswer(send, opened, { outcome: run.outcome, deps });

  const standings = judgeSend(send, opened, { request, deps });
  const longest = longestWait(standings);
  if (longest !== null)
    return refuse({ ...send, ran: run.kind === "ours" }, { reason: "over_limit", longest, standings }, deps);
  if (run.kind === "free" && !(await takeOver(send, run.from, deps))) {
    return refuse(send, { reason: "in_progress", waitMs: POLL_MS }, deps);
  }
  const owned = { ...send, ran: send.isKeyed };
  const code = await undoOnFailure(owned, deps, () => {
    // A full log drops whoever comes last, and the sweep above makes room for the next.
    if (request.phone.fixedCode === null && !opened.log.some(({ member }) => member === send.invocation.id))
      throw new StoreUnavailable("malformed");
    return chooseCode(send.subject, { chain: opened.chain, now: send.now }, deps);
  });
  const outcome = await sendSms(send, code, { request, deps });
  if (outcome === "rejected") return refuse(owned, { reason: "sms_rejected" }, deps);
  if (outcome === "unavailable") return refuse(owned, { reason: "sms_unavailable" }, deps);

  const delivery = outcome === "sent" ? "accepted" : "unconfirmed";
  // Before the response, so that a repeat finds it. If it is lost, the run counts as dead after its time.
  if (send.isKeyed) await deps.store.closeSend(send, { kind: delivery, code }).catch(ignoreUnavailable);
  return answer(send, { delivery, code, standings: standingsAfter(send, opened, deps.policy) }, deps);
}

async function sendSms(
  send: OpenSend,
  code: IssuedCode,
  { request, deps }: { request: SendRequest; deps: SendDeps },
): Promise<SmsOutcome> {
  const { app, phone, locale } = request;
  if (phone.fixedCode !== null) return "sent";
  const lifetimeSeconds = secondsLeft(code, send.now, deps.policy);
  return deps.sms({ app, phone, code: await digitsOf(code, send, deps), lifetimeSeconds, locale });
}

async function refuse(send: RanSend, refusal: SendRefusal, deps: SendDeps): Promise<SendResult> {
  const { reason } = refusal;
  const options = { mayWait: reason === "over_limit", staysAtAddress: reason === "sms_rejected" };
  await refund(send, options, deps);
  return { ok: false, refusal };
}

async function repeatAnswer(
  send: OpenSend,
  opened: KnownSend,
  { outcome, deps }: { outcome: SentOutcome; deps: SendDeps },
): Promise<SendResult> {
  deps.defer(refund({ ...send, ran: false }, { mayWait: false }, deps));
  const standings = standingsNow(send, opened, deps.policy);
  return answer(send, { delivery: outcome.kind, code: outcome.code, standings }, deps);
}

async function takeOver(send: OpenSend, from: Invocation, deps: SendDeps): Promise<boolean> {
  const runs = await undoOnFailure(send, deps, () => deps.store.takeOverSend(send, from));
  return runs.at(-1)?.invocation.id === send.invocation.id;
}

/** What is past: sends of the log, and codes of the chain. */
function tidyUp(
  { now, phoneId, subject }: OpenSend,
  opened: KnownSend,
  { store, policy, runTimeoutMs, defer }: SendDeps,
): void {
  const stale = staleSends(opened, { now, overdueMs: runTimeoutMs }, policy);
  if (stale.length > 0) defer(store.sweepLog(phoneId, stale));
  const past = forgettable(opened.chain, { now, ...policy });
  if (past > 0) defer(store.forgetCodes(subject, opened.chain, past));
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
  // Whole seconds that store and SNS have taken are gone for the person too.
  const taken = Math.floor(Math.max(0, deps.now() - send.now) / 1000);
  const wait = Math.ceil((longestWait(standings)?.waitMs ?? 0) / 1000);
  return {
    ok: true,
    delivery,
    challengeId: await createChallengeId(deps.secrets, send.subject, { ...code, holder }),
    expiresInSeconds: Math.max(0, secondsLeft(code, send.now, deps.policy) - taken),
    resendInSeconds: Math.max(0, wait - taken),
    standings,
  };
}
