import type { Config } from "./config.ts";
import { parseConfig } from "./config.ts";
import type { App } from "./config/apps.ts";
import type { Problem } from "./config/problem.ts";
import { allRegions, mostRegions } from "./config/regions.ts";
import { createDirectory } from "./directory/https.ts";
import type { AskDirectory } from "./directory/port.ts";
import { createBudgetWarnings } from "./limits/budget-warnings.ts";
import type { Trace } from "./log.ts";
import { writeBudgetWarning } from "./log.ts";
import type { Mac } from "./mac.ts";
import { deriveMac } from "./mac.ts";
import type { Metrics } from "./metrics.ts";
import { MOST_REPLACEMENTS } from "./otp/choose-code.ts";
import type { CodeSecrets } from "./otp/codes.ts";
import { createCodeSecrets } from "./otp/codes.ts";
import type { ExhaustedGuesses } from "./otp/exhausted.ts";
import { createExhaustedGuesses } from "./otp/exhausted.ts";
import type { Identity } from "./identity.ts";
import { createIdentity } from "./identity.ts";
import { observeDirectory, observeSms, observeStore, observeTurnstile } from "./observed-upstreams.ts";
import type { SendNotes } from "./otp/judge-send.ts";
import type { NeverSent } from "./otp/never-sent.ts";
import { createNeverSent } from "./otp/never-sent.ts";
import type { Breaker } from "./sms/breaker.ts";
import { createBreaker } from "./sms/breaker.ts";
import { inCountry } from "./sms/in-country.ts";
import type { CodeMessage, SendSms } from "./sms/port.ts";
import { regionsFor } from "./sms/region-order.ts";
import { smsPriceMicroUsd } from "./sms/price.ts";
import { sendThroughRegions } from "./sms/regions.ts";
import { createSnsPublish } from "./sms/sns.ts";
import type { Store } from "./store/port.ts";
import { connectUpstash } from "./store/transaction.ts";
import { createUpstashStore } from "./store/upstash.ts";
import { CLOCK_SKEW_MS } from "./time.ts";
import type { AccessTokens } from "./tokens/access.ts";
import { createAccessTokens } from "./tokens/access.ts";
import type { SigningKeys } from "./tokens/keys.ts";
import { parseSigningKeys } from "./tokens/keys.ts";
import type { Seal } from "./tokens/seal.ts";
import { createSeal } from "./tokens/seal.ts";
import type { SpanHeaders } from "./trace-context.ts";
import type { CheckTurnstile } from "./turnstile/port.ts";
import { createSiteverify } from "./turnstile/siteverify.ts";

/** All that a route may use. Adapters are named here and nowhere else. */
export interface Deps {
  readonly config: Config;
  readonly identity: Identity;
  readonly secrets: CodeSecrets;
  readonly exhausted: ExhaustedGuesses;
  readonly neverSent: NeverSent;
  readonly signingKeys: SigningKeys;
  readonly accessTokens: AccessTokens;
  readonly refreshMac: Mac;
  readonly turnstileMac: Mac;
  readonly seal: Seal;
  /** Null for a role that is not configured. */
  readonly appOf: (role: string) => App | null;
  /** What this isolate has seen of each region of SNS, without asking. */
  readonly smsRegions: () => ReturnType<Breaker["states"]>;
  /** The longest that one run of a send can take, in milliseconds. */
  readonly runTimeoutMs: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** The upstreams of one request, which write their times and failures into its trace. */
  upstreams(trace: Trace, spanHeaders: SpanHeaders): Upstreams;
}

export interface Upstreams {
  readonly store: Store;
  readonly sms: SendSms;
  readonly notes: SendNotes;
  /** Null where the company keeps no directory. */
  readonly directory: AskDirectory | null;
  /** Null where there is no secret for it. */
  readonly turnstile: CheckTurnstile | null;
}

/** The metrics also where the configuration is wrong: that is when somebody had better look. */
export type DepsResult = (Deps | { readonly problems: readonly Problem[] }) & {
  readonly metrics: Metrics | null;
};

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
    const result = { ...deps, metrics: parsed.metrics };
    made.set(env, result);
    return result;
  };
}

/** Opening a send, taking it over, and each replacement of a code, each tried twice. */
const STORE_TRIES = 2 * (2 + MOST_REPLACEMENTS);

function problemsOf(signingKeys: SigningKeys | { readonly wants: string }): readonly Problem[] {
  return "wants" in signingKeys ? [{ binding: "SIGNING_KEYS", wants: signingKeys.wants }] : [];
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const now = () => Date.now();

/** What tidying up may add, in milliseconds, to an answer that is bad news already. */
const MOST_BRIEF_MS = 250;

/** One call to siteverify. */
const TURNSTILE_TIMEOUT_MS = 2000;

async function createDeps(config: Config, signingKeys: SigningKeys): Promise<Deps> {
  const { policy, sns, issuer } = config;
  const transact = connectUpstash({ ...config.store, timeoutMs: policy.storeTimeoutMs });
  const briefMs = Math.ceil(Math.min(policy.storeTimeoutMs / 2, MOST_BRIEF_MS));
  const transactBriefly = connectUpstash({ ...config.store, timeoutMs: briefMs });
  const publish = createSnsPublish(sns, policy.smsTimeoutMs);
  const breaker = createBreaker(now);
  const regionsOf = ({ app, phone }: CodeMessage) => {
    const isRegistered = inCountry(app, phone.country).dlt !== undefined;
    return regionsFor(sns.regions, { ...phone, isRegistered });
  };
  const directory =
    config.directory === null
      ? null
      : createDirectory({ ...config.directory, timeoutMs: policy.directoryTimeoutMs, now });
  const budgetWarnings = createBudgetWarnings();
  const turnstile =
    config.turnstile === null
      ? null
      : createSiteverify({ ...config.turnstile, timeoutMs: TURNSTILE_TIMEOUT_MS, now });
  const appOf = (role: string) => config.apps.byRole.get(role) ?? null;
  const [identity, secrets, refreshMac, turnstileMac, seal] = await Promise.all([
    createIdentity(config.idSecret),
    createCodeSecrets(config.otpSecret, config.otpSecretPrevious),
    deriveMac(config.idSecret, "refresh"),
    deriveMac(config.idSecret, "turnstile"),
    createSeal(config.idSecret, random),
  ]);
  return {
    config,
    identity,
    secrets,
    exhausted: createExhaustedGuesses(),
    neverSent: createNeverSent(),
    smsRegions: () => breaker.states(allRegions(sns.regions)),
    runTimeoutMs:
      STORE_TRIES * policy.storeTimeoutMs + mostRegions(sns.regions) * policy.smsTimeoutMs + CLOCK_SKEW_MS,
    signingKeys,
    accessTokens: createAccessTokens({
      keys: signingKeys,
      issuer,
      audienceOf: (role) => appOf(role)?.audience ?? null,
    }),
    refreshMac,
    turnstileMac,
    seal,
    appOf,
    now,
    random,
    upstreams: (trace, spanHeaders) => ({
      notes: {
        held: ({ by }) => void (trace.guard = `${policy.guard === "enforce" ? "held" : "would_hold"}:${by}`),
        budget: (budget, standing) => budgetWarnings.of(budget, standing).forEach(writeBudgetWarning),
      },
      directory: directory === null ? null : observeDirectory(directory, trace, spanHeaders),
      turnstile: turnstile === null ? null : observeTurnstile(turnstile, trace),
      store: createUpstashStore(
        {
          transact: observeStore(transact, trace, spanHeaders),
          transactBriefly: observeStore(transactBriefly, trace, spanHeaders),
        },
        { ...policy, roles: config.apps.byRole.size },
      ),
      sms: observeSms(
        sendThroughRegions({
          publish,
          regionsFor: regionsOf,
          breaker,
          observe: (region, { kind, ...rest }) => {
            trace.sms.push("reason" in rest ? `${region}:${kind}:${rest.reason}` : `${region}:${kind}`);
          },
          spend: ({ phone: { country } }, { text }) => {
            const price = smsPriceMicroUsd({ text, country }, policy);
            if (price !== undefined) trace.smsPriceMicroUsd = price;
          },
        }),
        trace,
      ),
    }),
  };
}
