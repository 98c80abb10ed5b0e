import type { App } from "../../src/config/apps.ts";
import { parseConfig } from "../../src/config.ts";
import type { Policy } from "../../src/config/policy.ts";
import type { Engine } from "../../src/local/redis/engine.ts";
import { createCodeSecrets } from "../../src/otp/codes.ts";
import { createExhaustedGuesses } from "../../src/otp/exhausted.ts";
import { createIdentity } from "../../src/identity.ts";
import { createNeverSent } from "../../src/otp/never-sent.ts";
import type { SendResult } from "../../src/otp/send.ts";
import { sendCode } from "../../src/otp/send.ts";
import type { VerifyResult } from "../../src/otp/verify.ts";
import { verifyCode } from "../../src/otp/verify.ts";
import type { Phone } from "../../src/phone.ts";
import type { WatchScope } from "../../src/store/guard-port.ts";
import { connectUpstash } from "../../src/store/transaction.ts";
import { createUpstashStore } from "../../src/store/upstash.ts";
import { createSeal } from "../../src/tokens/seal.ts";
import type { Origin } from "./addresses.ts";
import type { Chance } from "./chance.ts";
import type { StoreBill } from "./instant-platform.ts";
import { installInstantPlatform } from "./instant-platform.ts";
import type { VirtualTime } from "./virtual-time.ts";
import { SIM_COUNTRIES } from "./world.ts";

export const ROLES = ["customer", "transporter", "driver"] as const;
export type Role = (typeof ROLES)[number];

export interface Caller {
  readonly phone: Phone;
  readonly role: Role;
  readonly from: Origin;
}

export interface Sent {
  readonly result: SendResult;
  /** The code of the SMS; null when there was none. */
  readonly code: string | null;
  /** By what the guard held it, or would have if it were enforced. */
  readonly held: WatchScope | null;
}

export interface Operation extends StoreBill {
  calls: number;
}

/** The service's own decisions, over its own adapter and an engine in this process, on virtual time. */
export interface Service {
  readonly policy: Policy;
  readonly bill: Readonly<Record<"send" | "verify", Operation>>;
  send(caller: Caller & { readonly isProven: boolean }): Promise<Sent>;
  verify(
    caller: Caller & { readonly guess: string; readonly challengeId: string | null },
  ): Promise<VerifyResult>;
  /** Puts the real platform back. */
  close(): void;
}

export interface ServiceOptions {
  readonly engine: Engine;
  readonly time: VirtualTime;
  readonly chance: Chance;
  readonly policy: Partial<Policy>;
}

export async function createService({ engine, time, chance, policy }: ServiceOptions): Promise<Service> {
  const bill = {
    send: { calls: 0, requests: 0, commands: 0 },
    verify: { calls: 0, requests: 0, commands: 0 },
  };
  const close = installInstantPlatform(engine, (host) => bill[host === "verify.test" ? "verify" : "send"]);
  const config = configOf(policy, chance);
  const storeAt = (url: string) => {
    const transact = connectUpstash({ url, token: "token", timeoutMs: config.policy.storeTimeoutMs });
    return createUpstashStore({ transact, transactBriefly: transact }, config.policy);
  };
  const stores = { send: storeAt("https://send.test"), verify: storeAt("https://verify.test") };
  const random = (length: number) => chance.bytes(length);
  const deps = {
    identity: await createIdentity(config.idSecret),
    secrets: await createCodeSecrets(config.otpSecret, null),
    policy: config.policy,
    exhausted: createExhaustedGuesses(),
    neverSent: createNeverSent(),
    seal: await createSeal(config.idSecret, random),
    runTimeoutMs: 16_000,
    now: () => time.now,
    random,
  };

  function requestOf({ phone, role, from }: Caller) {
    const app = config.apps.byRole.get(role);
    if (app === undefined) throw new Error(`no role ${role}`);
    return { app, phone, clientAddress: from.address, operator: from.operator, idempotencyKey: null };
  }

  return {
    policy: config.policy,
    bill,
    close,
    async send({ isProven, ...caller }) {
      bill.send.calls += 1;
      const sent: string[] = [];
      const held: WatchScope[] = [];
      const notes = {
        held: ({ by }: { readonly by: WatchScope }) => void held.push(by),
        budget: () => undefined,
      };
      const sms = async ({ code }: { readonly code: string }) => {
        sent.push(code);
        return "sent" as const;
      };
      const request = { ...requestOf(caller), locale: null, isProven };
      const result = await withDeferred((defer) =>
        sendCode(request, { ...deps, store: stores.send, notes, sms, defer }),
      );
      return { result, code: sent[0] ?? null, held: held[0] ?? null };
    },
    async verify({ guess, challengeId, ...caller }) {
      bill.verify.calls += 1;
      const device = { deviceId: null, deviceName: null, userAgent: "okhttp" };
      const request = { ...requestOf(caller), guess, challengeId, device };
      return withDeferred((defer) => verifyCode(request, { ...deps, store: stores.verify, defer }));
    },
  };
}

/** An app that serves all countries of the simulation in all roles; the rest of its bindings are never used. */
function configOf(policy: Partial<Policy>, chance: Chance) {
  const app = { name: "Sim", defaultCountry: "IN", countries: SIM_COUNTRIES } satisfies Partial<App>;
  const secret = () => Buffer.from(chance.bytes(32)).toString("base64url");
  const parsed = parseConfig({
    UPSTASH_REDIS_REST_URL: "https://store.test",
    UPSTASH_REDIS_REST_TOKEN: "token",
    ID_SECRET: secret(),
    OTP_SECRET: secret(),
    AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
    AWS_SECRET_ACCESS_KEY: secret(),
    SNS_REGIONS: "ap-south-1",
    ISSUER: "https://edge-otp.test",
    APPS: Object.fromEntries(ROLES.map((role) => [role, { ...app, default: role === "customer" }])),
    POLICY: policy,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** With all that it puts off until after the answer: here it takes no time. */
async function withDeferred<T>(run: (defer: (work: Promise<void>) => void) => Promise<T>): Promise<T> {
  const deferred: Promise<void>[] = [];
  const result = await run((work) => deferred.push(work));
  await Promise.all(deferred);
  return result;
}
