import * as z from "zod/mini";
import type { Apps } from "./config/apps.ts";
import { appsSchema, createApps } from "./config/apps.ts";
import type { Assets } from "./config/fields.ts";
import {
  assets,
  credential,
  directoryUrl,
  endpoint,
  environment,
  httpsUrl,
  issuer,
  json,
  metrics,
  REDIS_URL_WANTS,
  regions,
  secret,
} from "./config/fields.ts";
import type { Metrics } from "./metrics.ts";
import { misfits } from "./config/misfits.ts";
import type { Policy } from "./config/policy.ts";
import { policySchema } from "./config/policy.ts";
import type { Problem } from "./config/problem.ts";
import { describeIssue, firstOfEachPlace } from "./config/problem.ts";
import type { Regions } from "./config/regions.ts";
import { SITEVERIFY_URL } from "./config/turnstile.ts";
import type { RateLimiter } from "./limits/rate-limiter.ts";
import { isRateLimiter } from "./limits/rate-limiter.ts";

export interface Config {
  readonly store: { readonly url: string; readonly token: string };
  readonly idSecret: Uint8Array<ArrayBuffer>;
  readonly otpSecret: Uint8Array<ArrayBuffer>;
  readonly otpSecretPrevious: Uint8Array<ArrayBuffer> | null;
  readonly sns: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string | null;
    readonly regions: Regions;
    /** `https://host/{region}`, or null for AWS itself. */
    readonly endpoint: string | null;
  };
  /** The company's own user records, or null where there are none. */
  readonly directory: { readonly url: string; readonly secret: Uint8Array<ArrayBuffer> } | null;
  /** Cloudflare's check that a person is no robot, or null without its secret. */
  readonly turnstile: { readonly url: string; readonly secret: string } | null;
  /** Null where none is bound. */
  readonly rateLimiter: RateLimiter | null;
  /** https, without a slash at the end. */
  readonly issuer: string;
  /** `production` unless it is named. */
  readonly environment: string;
  /** The static files beside the Worker, or null where it runs without any. */
  readonly assets: Assets | null;
  readonly apps: Apps;
  readonly policy: Policy;
}

/** `signingKeys` is what `SIGNING_KEYS` holds, not looked at: proving a key takes promises (tokens/keys.ts). */
export type ConfigResult = {
  readonly signingKeys: unknown;
  /** Also where the configuration is wrong: that is when somebody had better look. */
  readonly metrics: Metrics | null;
} & (
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }
);

/** The only place that knows the names of the bindings. */
export const bindingsSchema = z.object({
  UPSTASH_REDIS_REST_URL: httpsUrl("wants the https:// address of the database's REST API", REDIS_URL_WANTS),
  UPSTASH_REDIS_REST_TOKEN: credential,
  ID_SECRET: secret,
  OTP_SECRET: secret,
  OTP_SECRET_PREVIOUS: z.optional(secret),
  AWS_ACCESS_KEY_ID: credential,
  AWS_SECRET_ACCESS_KEY: credential,
  AWS_SESSION_TOKEN: z.optional(credential),
  SNS_REGIONS: regions,
  SNS_ENDPOINT: z.optional(endpoint),
  ISSUER: issuer,
  ENVIRONMENT: z._default(environment, "production"),
  METRICS: z.optional(metrics),
  DIRECTORY_URL: z.optional(directoryUrl),
  DIRECTORY_SECRET: z.optional(secret),
  ASSETS: z.optional(assets),
  TURNSTILE_SECRET: z.optional(credential),
  TURNSTILE_ENDPOINT: z.optional(httpsUrl("wants the https:// address of a siteverify")),
  RATE_LIMITER: z.optional(
    z.custom<RateLimiter>(isRateLimiter, "wants a rate limit binding, from ratelimits in wrangler.toml"),
  ),
  APPS: z.pipe(json, appsSchema),
  POLICY: z.pipe(json, z.prefault(policySchema, {})),
});

/**
 * Parses all bindings at once. No default stands in for a secret; a problem names the binding, and within `APPS` and
 * `POLICY` the field, but never shows what it holds.
 */
export function parseConfig(env: Readonly<Record<string, unknown>>): ConfigResult {
  const known = {
    signingKeys: env["SIGNING_KEYS"],
    metrics: metrics.safeParse(env["METRICS"]).data ?? null,
  };
  const parsed = bindingsSchema.safeParse(env);
  const wrong = parsed.success ? [] : firstOfEachPlace(parsed.error.issues).map(describeIssue);
  const problems = [...wrong, ...misfits(env, parsed.data, bindingsSchema.shape)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems, ...known };
  const bindings = parsed.data;
  const { DIRECTORY_URL: directoryAddress, DIRECTORY_SECRET: directorySecret } = bindings;
  const config: Config = {
    store: { url: bindings.UPSTASH_REDIS_REST_URL, token: bindings.UPSTASH_REDIS_REST_TOKEN },
    idSecret: bindings.ID_SECRET,
    otpSecret: bindings.OTP_SECRET,
    otpSecretPrevious: bindings.OTP_SECRET_PREVIOUS ?? null,
    sns: {
      accessKeyId: bindings.AWS_ACCESS_KEY_ID,
      secretAccessKey: bindings.AWS_SECRET_ACCESS_KEY,
      sessionToken: bindings.AWS_SESSION_TOKEN ?? null,
      regions: bindings.SNS_REGIONS,
      endpoint: bindings.SNS_ENDPOINT ?? null,
    },
    directory:
      directoryAddress === undefined || directorySecret === undefined
        ? null
        : { url: directoryAddress, secret: directorySecret },
    turnstile:
      bindings.TURNSTILE_SECRET === undefined
        ? null
        : { url: bindings.TURNSTILE_ENDPOINT ?? SITEVERIFY_URL, secret: bindings.TURNSTILE_SECRET },
    rateLimiter: bindings.RATE_LIMITER ?? null,
    issuer: bindings.ISSUER,
    environment: bindings.ENVIRONMENT,
    assets: bindings.ASSETS ?? null,
    apps: createApps(bindings.APPS),
    policy: bindings.POLICY,
  };
  return { ok: true, config, ...known };
}
