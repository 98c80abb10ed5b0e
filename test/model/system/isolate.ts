import type { Config } from "../../../src/config.ts";
import type { Deps } from "../../../src/deps.ts";
import { createBudgetWarnings } from "../../../src/limits/budget-warnings.ts";
import { deriveMac } from "../../../src/mac.ts";
import { observeSms, observeStore } from "../../../src/observed-upstreams.ts";
import { createCodeSecrets } from "../../../src/otp/codes.ts";
import { createExhaustedGuesses } from "../../../src/otp/exhausted.ts";
import { createIdentity } from "../../../src/identity.ts";
import { createNeverSent } from "../../../src/otp/never-sent.ts";
import { createBreaker } from "../../../src/sms/breaker.ts";
import { sendThroughRegions } from "../../../src/sms/regions.ts";
import type { Publish } from "../../../src/sms/sns.ts";
import { connectUpstash } from "../../../src/store/transaction.ts";
import { createUpstashStore } from "../../../src/store/upstash.ts";
import { createAccessTokens } from "../../../src/tokens/access.ts";
import type { SigningKeys } from "../../../src/tokens/keys.ts";
import { createSeal } from "../../../src/tokens/seal.ts";
import type { Clock } from "./clock.ts";
import { clockAheadMs } from "./flight.ts";

export interface IsolateOptions {
  readonly config: Config;
  readonly signingKeys: SigningKeys;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array<ArrayBuffer>;
  readonly publish: Publish;
}

/** As src/deps.ts: the longest that one run of a send can take here, in milliseconds. */
export const RUN_TIMEOUT_MS = 35_000;

const REGIONS = ["ap-south-1", "ap-south-2"] as const;

/** All that one isolate of the service has, with the memory that goes with it, as src/deps.ts puts it together. */
export async function createIsolate(options: IsolateOptions): Promise<Deps> {
  const { config, signingKeys, clock, random, publish } = options;
  const { policy } = config;
  const now = () => clock.now + clockAheadMs();
  const transact = connectUpstash({ ...config.store, timeoutMs: policy.storeTimeoutMs });
  const breaker = createBreaker(now);
  const warnings = createBudgetWarnings();
  const appOf = (role: string) => config.apps.byRole.get(role) ?? null;
  return {
    config,
    identity: await createIdentity(config.idSecret),
    secrets: await createCodeSecrets(config.otpSecret, config.otpSecretPrevious),
    exhausted: createExhaustedGuesses(),
    neverSent: createNeverSent(),
    signingKeys,
    accessTokens: createAccessTokens({
      keys: signingKeys,
      issuer: config.issuer,
      audienceOf: (role) => appOf(role)?.audience ?? null,
    }),
    refreshMac: await deriveMac(config.idSecret, "refresh"),
    turnstileMac: await deriveMac(config.idSecret, "turnstile"),
    seal: await createSeal(config.idSecret, random),
    appOf,
    smsRegions: () => ({}),
    runTimeoutMs: RUN_TIMEOUT_MS,
    now,
    random,
    upstreams: (trace, spanHeaders) => {
      const observed = observeStore(transact, trace, spanHeaders);
      return {
        store: createUpstashStore({ transact: observed, transactBriefly: observed }, policy),
        sms: observeSms(
          sendThroughRegions({
            publish,
            regionsFor: () => REGIONS,
            breaker,
            observe: (region, { kind }) => void trace.sms.push(`${region}:${kind}`),
            spend: () => undefined,
          }),
          trace,
        ),
        notes: {
          held: ({ by }) => void (trace.guard = `held:${by}`),
          budget: (budget, standing) => void warnings.of(budget, standing),
        },
        directory: null,
        turnstile: null,
      };
    },
  };
}
