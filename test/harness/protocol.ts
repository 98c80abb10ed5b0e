import type { Config } from "../../src/config.ts";
import { parseConfig } from "../../src/config.ts";
import type { Policy } from "../../src/config/policy.ts";
import { createCodeSecrets } from "../../src/otp/codes.ts";
import { createExhaustedGuesses } from "../../src/otp/exhausted.ts";
import type { Identity } from "../../src/identity.ts";
import { createIdentity } from "../../src/identity.ts";
import { createNeverSent } from "../../src/otp/never-sent.ts";
import type { SendNotes } from "../../src/otp/judge-send.ts";
import type { SendResult } from "../../src/otp/send.ts";
import { sendCode } from "../../src/otp/send.ts";
import type { VerifyResult } from "../../src/otp/verify.ts";
import { verifyCode } from "../../src/otp/verify.ts";
import { parsePhone } from "../../src/phone.ts";
import type { CodeMessage, SmsOutcome } from "../../src/sms/port.ts";
import type { Standing } from "../../src/limits/limit.ts";
import type { Store } from "../../src/store/port.ts";
import type { Budget } from "../../src/store/send-port.ts";
import { connectUpstash } from "../../src/store/transaction.ts";
import { createUpstashStore } from "../../src/store/upstash.ts";
import type { Seal } from "../../src/tokens/seal.ts";
import { createSeal } from "../../src/tokens/seal.ts";
import { APPS, freshPhone } from "./service.ts";
import type { Upstreams } from "./upstreams.ts";

type Held = Parameters<SendNotes["held"]>[0];
type BudgetNote = Budget & Standing;

interface SendOptions {
  readonly from?: string;
  readonly key?: string;
  readonly role?: "customer" | "transporter";
  readonly proven?: boolean;
}

interface VerifyOptions extends SendOptions {
  readonly challengeId?: string;
  readonly deviceName?: string;
}

/** The domain over the real adapter and a real wire, on a clock of the test's own. One person's phone. */
export interface Protocol {
  phone: string;
  readonly store: Store;
  readonly identity: Identity;
  readonly seal: Seal;
  readonly config: Config;
  /** Milliseconds since 1970. */
  readonly clock: { now: number };
  /** What the next SMS meet, in order; "sent" after that. */
  readonly smsOutcomes: SmsOutcome[];
  /** The SMS that were tried, oldest first. */
  readonly tried: CodeMessage[];
  /** What the operator was told, oldest first. */
  readonly notes: { readonly held: Held[]; readonly budgets: BudgetNote[] };
  send(options?: SendOptions): Promise<SendResult>;
  verify(guess: string, options?: VerifyOptions): Promise<VerifyResult>;
  /** Runs before the SMS is tried. */
  beforeSms: () => Promise<void>;
}

export async function createProtocol(
  upstreams: Pick<Upstreams, "bindings">,
  policy: Partial<Policy> = {},
  apps: object = APPS,
): Promise<Protocol> {
  // Nothing here is about time-outs, and a machine may be busy.
  const POLICY = { storeTimeoutMs: 20_000, ...policy };
  const parsed = parseConfig({ ...upstreams.bindings, APPS: apps, POLICY });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { config } = parsed;
  const transact = connectUpstash({ ...config.store, timeoutMs: config.policy.storeTimeoutMs });
  const store = createUpstashStore({ transact, transactBriefly: transact }, config.policy);
  const identity = await createIdentity(config.idSecret);
  const secrets = await createCodeSecrets(config.otpSecret, config.otpSecretPrevious);
  const exhausted = createExhaustedGuesses();
  const neverSent = createNeverSent();
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const seal = await createSeal(config.idSecret, random);
  const phone = freshPhone();
  const clock = { now: Date.now() };
  const smsOutcomes: SmsOutcome[] = [];
  const tried: CodeMessage[] = [];
  const told: { held: Held[]; budgets: BudgetNote[] } = { held: [], budgets: [] };
  const notes: SendNotes = {
    held: (verdict) => void told.held.push(verdict),
    budget: (budget, standing) => void told.budgets.push({ ...budget, ...standing }),
  };

  const protocol: Protocol = {
    phone,
    store,
    identity,
    seal,
    config,
    clock,
    smsOutcomes,
    tried,
    notes: told,
    beforeSms: () => Promise.resolve(),
    async send(options = {}) {
      const request = { ...callerOf(options), isProven: options.proven ?? false, locale: null };
      return withDeferred((defer) =>
        sendCode(request, { ...deps, defer, neverSent, notes, sms, runTimeoutMs: 16_000 }),
      );
    },
    async verify(guess, options = {}) {
      const device = { deviceId: null, deviceName: options.deviceName ?? null, userAgent: "okhttp" };
      const request = { ...callerOf(options), guess, challengeId: options.challengeId ?? null, device };
      return withDeferred((defer) => verifyCode(request, { ...deps, defer, exhausted, seal }));
    },
  };

  const deps = {
    store,
    identity,
    secrets,
    policy: config.policy,
    now: () => clock.now,
    random,
  };

  async function sms(message: CodeMessage): Promise<SmsOutcome> {
    await protocol.beforeSms();
    tried.push(message);
    return smsOutcomes.shift() ?? "sent";
  }

  function callerOf({ from = "203.0.113.1", key, role = "customer" }: SendOptions) {
    const app = config.apps.byRole.get(role);
    if (app === undefined) throw new Error(`no role ${role}`);
    const result = parsePhone(protocol.phone, { app, testNumbers: config.apps.testNumbers });
    if (!result.ok) throw new Error(result.reason);
    return { app, phone: result.phone, clientAddress: from, operator: null, idempotencyKey: key ?? null };
  }

  return protocol;
}

/** Waits for the work after the response too, so that a test sees its end. */
async function withDeferred<T>(run: (defer: (work: Promise<void>) => void) => Promise<T>): Promise<T> {
  const deferred: Promise<unknown>[] = [];
  try {
    return await run((work) => deferred.push(work.catch(() => undefined)));
  } finally {
    await Promise.all(deferred);
  }
}

export function challengeIdOf(result: SendResult): string {
  if (!result.ok) throw new Error(result.refusal.reason);
  return result.challengeId;
}

/** "verified", or why not. */
export function verdictOf(result: VerifyResult): string {
  return result.ok ? "verified" : result.refusal.reason;
}
