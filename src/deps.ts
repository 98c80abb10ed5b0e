import type { Config, Problem } from "./config.ts";
import { parseConfig } from "./config.ts";
import type { Apps } from "./config/apps.ts";
import type { Trace } from "./log.ts";
import type { CodeSecrets } from "./otp/codes.ts";
import { createCodeSecrets } from "./otp/codes.ts";
import type { ExhaustedGuesses } from "./otp/exhausted.ts";
import { createExhaustedGuesses } from "./otp/exhausted.ts";
import type { Identity } from "./otp/identity.ts";
import { createIdentity } from "./otp/identity.ts";
import type { SendSms } from "./sms/port.ts";
import { sendThroughRegions } from "./sms/regions.ts";
import { createSnsPublish } from "./sms/sns.ts";
import type { Store } from "./store/port.ts";
import { StoreUnavailable } from "./store/port.ts";
import type { Transact } from "./store/transaction.ts";
import { connectUpstash } from "./store/transaction.ts";
import { createUpstashStore } from "./store/upstash.ts";
import type { AccessTokens } from "./tokens/access.ts";
import { createAccessTokens } from "./tokens/access.ts";
import type { SigningKeys } from "./tokens/keys.ts";
import { parseSigningKeys } from "./tokens/keys.ts";

/** All that a route may use. Adapters are named here and nowhere else. */
export interface Deps {
  readonly config: Config;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly exhausted: ExhaustedGuesses;
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokens;
  /** The longest that one run of a send can take, in milliseconds. */
  readonly runTimeoutMs: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** The upstreams of one request, which write their times and failures into its trace. */
  upstreams(trace: Trace): { readonly store: Store; readonly sms: SendSms };
}

export type DepsResult = Deps | { readonly problems: readonly Problem[] };

/** Made once an isolate; a value is kept, not a promise, which another request could not await. */
export function createDepsCache(): (env: object) => Promise<DepsResult> {
  const made = new WeakMap<object, DepsResult>();
  return async (env) => {
    const known = made.get(env);
    if (known) return known;
    const parsed = parseConfig(Object.fromEntries(Object.entries(env)));
    const signingKeys = await parseSigningKeys(parsed.signingKeys);
    const problems = [...(parsed.ok ? [] : parsed.problems), ...problemsOf(signingKeys)];
    const isRight = parsed.ok && !("wants" in signingKeys);
    const deps = isRight ? await createDeps(parsed.config, signingKeys) : { problems };
    made.set(env, deps);
    return deps;
  };
}

function problemsOf(signingKeys: SigningKeys | { readonly wants: string }): readonly Problem[] {
  return "wants" in signingKeys ? [{ binding: "SIGNING_KEYS", wants: signingKeys.wants }] : [];
}

/** What tidying up may add, in milliseconds, to an answer that is bad news already. */
const MOST_BRIEF_MS = 250;

async function createDeps(config: Config, signingKeys: SigningKeys): Promise<Deps> {
  const { policy, sns, issuer } = config;
  const transact = connectUpstash({ ...config.store, timeoutMs: policy.storeTimeoutMs });
  const briefMs = Math.ceil(Math.min(policy.storeTimeoutMs / 2, MOST_BRIEF_MS));
  const transactBriefly = connectUpstash({ ...config.store, timeoutMs: briefMs });
  const publish = createSnsPublish(sns, policy.smsTimeoutMs);
  const [identity, secrets] = await Promise.all([
    createIdentity(config.idSecret),
    createCodeSecrets(config.otpSecret, config.otpSecretPrevious),
  ]);
  return {
    config,
    identity,
    secrets,
    exhausted: createExhaustedGuesses(),
    signingKeys,
    accessTokens: createAccessTokens({
      keys: signingKeys,
      issuer,
      audienceOf: (role) => audienceOf(config.apps, role),
    }),
    runTimeoutMs: 4 * policy.storeTimeoutMs + sns.regions.length * policy.smsTimeoutMs,
    now: () => Date.now(),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    upstreams: (trace) => ({
      store: createUpstashStore(
        {
          transact: observeStore(transact, trace),
          transactBriefly: observeStore(transactBriefly, trace),
        },
        policy,
      ),
      sms: observeSms(
        sendThroughRegions({
          publish,
          regions: sns.regions,
          observe: (region, { kind, ...rest }) => {
            trace.sms.push("reason" in rest ? `${region}:${kind}:${rest.reason}` : `${region}:${kind}`);
          },
        }),
        trace,
      ),
    }),
  };
}

/** A role whose entry names no audience is one. */
function audienceOf({ byRole }: Apps, role: string): string | null {
  const app = byRole.get(role);
  return app ? (app.audience ?? app.role) : null;
}

function observeStore(transact: Transact, trace: Trace): Transact {
  return async (commands) => {
    const startedAt = Date.now();
    trace.storeRequests += 1;
    try {
      return await transact(commands);
    } catch (error) {
      trace.storeFailures.push(error instanceof StoreUnavailable ? error.reason : "bug");
      throw error;
    } finally {
      trace.storeMs += Date.now() - startedAt;
    }
  };
}

function observeSms(sms: SendSms, trace: Trace): SendSms {
  return async (message) => {
    const startedAt = Date.now();
    const outcome = await sms(message);
    trace.smsMs += Date.now() - startedAt;
    return outcome;
  };
}
