import type { Config } from "./config.ts";
import { parseConfig } from "./config.ts";
import type { App } from "./config/apps.ts";
import type { Problem } from "./config/problem.ts";
import { createDirectory } from "./directory/https.ts";
import type { AskDirectory } from "./directory/port.ts";
import type { Trace } from "./log.ts";
import type { Mac } from "./mac.ts";
import { deriveMac } from "./mac.ts";
import { MOST_REPLACEMENTS } from "./otp/choose-code.ts";
import type { CodeSecrets } from "./otp/codes.ts";
import { createCodeSecrets } from "./otp/codes.ts";
import type { ExhaustedGuesses } from "./otp/exhausted.ts";
import { createExhaustedGuesses } from "./otp/exhausted.ts";
import type { Identity } from "./otp/identity.ts";
import { createIdentity } from "./otp/identity.ts";
import type { NeverSent } from "./otp/never-sent.ts";
import { createNeverSent } from "./otp/never-sent.ts";
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
import type { Seal } from "./tokens/seal.ts";
import { createSeal } from "./tokens/seal.ts";

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
  readonly seal: Seal;
  /** Null for a role that is not configured. */
  readonly appOf: (role: string) => App | null;
  /** The longest that one run of a send can take, in milliseconds. */
  readonly runTimeoutMs: number;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** The upstreams of one request, which write their times and failures into its trace. */
  upstreams(trace: Trace): Upstreams;
}

export interface Upstreams {
  readonly store: Store;
  readonly sms: SendSms;
  /** Null where the company keeps no directory. */
  readonly directory: AskDirectory | null;
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

/** Opening a send, taking it over, and each replacement of a code, each tried twice. */
const STORE_TRIES = 2 * (2 + MOST_REPLACEMENTS);
/** How far the clocks of two edge locations may lie apart. */
const CLOCK_SKEW_MS = 10_000;

function problemsOf(signingKeys: SigningKeys | { readonly wants: string }): readonly Problem[] {
  return "wants" in signingKeys ? [{ binding: "SIGNING_KEYS", wants: signingKeys.wants }] : [];
}

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const now = () => Date.now();

/** What tidying up may add, in milliseconds, to an answer that is bad news already. */
const MOST_BRIEF_MS = 250;

async function createDeps(config: Config, signingKeys: SigningKeys): Promise<Deps> {
  const { policy, sns, issuer } = config;
  const transact = connectUpstash({ ...config.store, timeoutMs: policy.storeTimeoutMs });
  const briefMs = Math.ceil(Math.min(policy.storeTimeoutMs / 2, MOST_BRIEF_MS));
  const transactBriefly = connectUpstash({ ...config.store, timeoutMs: briefMs });
  const publish = createSnsPublish(sns, policy.smsTimeoutMs);
  const directory =
    config.directory === null
      ? null
      : createDirectory({ ...config.directory, timeoutMs: policy.directoryTimeoutMs, now });
  const appOf = (role: string) => config.apps.byRole.get(role) ?? null;
  const [identity, secrets, refreshMac, seal] = await Promise.all([
    createIdentity(config.idSecret),
    createCodeSecrets(config.otpSecret, config.otpSecretPrevious),
    deriveMac(config.idSecret, "refresh"),
    createSeal(config.idSecret, random),
  ]);
  return {
    config,
    identity,
    secrets,
    exhausted: createExhaustedGuesses(),
    neverSent: createNeverSent(),
    runTimeoutMs:
      STORE_TRIES * policy.storeTimeoutMs + sns.regions.length * policy.smsTimeoutMs + CLOCK_SKEW_MS,
    signingKeys,
    accessTokens: createAccessTokens({
      keys: signingKeys,
      issuer,
      audienceOf: (role) => appOf(role)?.audience ?? null,
    }),
    refreshMac,
    seal,
    appOf,
    now,
    random,
    upstreams: (trace) => ({
      directory: directory === null ? null : observeDirectory(directory, trace),
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

function observeDirectory(ask: AskDirectory, trace: Trace): AskDirectory {
  return async (query) => {
    const answer = await ask(query);
    trace.directory = answer.kind === "unavailable" ? answer.reason : answer.kind;
    return answer;
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
