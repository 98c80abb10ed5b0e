import * as z from "zod/mini";
import type { Apps } from "./config/apps.ts";
import { appsSchema, createApps } from "./config/apps.ts";
import {
  credential,
  directoryUrl,
  endpoint,
  httpsUrl,
  issuer,
  json,
  REDIS_URL_WANTS,
  regions,
  secret,
} from "./config/fields.ts";
import type { Policy } from "./config/policy.ts";
import { policySchema } from "./config/policy.ts";
import type { Problem } from "./config/problem.ts";
import { describeIssue, firstOfEachPlace } from "./config/problem.ts";

export interface Config {
  readonly store: { readonly url: string; readonly token: string };
  readonly idSecret: Uint8Array<ArrayBuffer>;
  readonly otpSecret: Uint8Array<ArrayBuffer>;
  readonly otpSecretPrevious: Uint8Array<ArrayBuffer> | null;
  readonly sns: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken: string | null;
    readonly regions: readonly string[];
    /** `https://host/{region}`, or null for AWS itself. */
    readonly endpoint: string | null;
  };
  /** The company's own user records, or null where there are none. */
  readonly directory: { readonly url: string; readonly secret: Uint8Array<ArrayBuffer> } | null;
  /** https, without a slash at the end. */
  readonly issuer: string;
  readonly apps: Apps;
  readonly policy: Policy;
}

export type ConfigResult = { readonly signingKeys: unknown } & (
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }
);

/** The only place that knows the names of the bindings. */
const bindingsSchema = z.object({
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
  DIRECTORY_URL: z.optional(directoryUrl),
  DIRECTORY_SECRET: z.optional(secret),
  APPS: z.pipe(json, appsSchema),
  POLICY: z.pipe(json, z.prefault(policySchema, {})),
});

/**
 * Parses all bindings at once. No default stands in for a secret; a problem names the binding, and within `APPS` and
 * `POLICY` the field, but never shows what it holds.
 */
export function parseConfig(env: Readonly<Record<string, unknown>>): ConfigResult {
  const signingKeys = env["SIGNING_KEYS"];
  const parsed = bindingsSchema.safeParse(env);
  const wrong = parsed.success ? [] : firstOfEachPlace(parsed.error.issues).map(describeIssue);
  const problems = [...wrong, ...missingHalves(env), ...sameSecrets(env)];
  if (!parsed.success || problems.length > 0) return { ok: false, problems, signingKeys };
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
    issuer: bindings.ISSUER,
    apps: createApps(bindings.APPS),
    policy: bindings.POLICY,
  };
  return { ok: true, config, signingKeys };
}

/** Of the two bindings of the directory, the one that is not there where the other is. */
function missingHalves(env: Readonly<Record<string, unknown>>): readonly Problem[] {
  const halves = ["DIRECTORY_URL", "DIRECTORY_SECRET"] as const;
  const missing = halves.filter((binding) => env[binding] === undefined);
  if (missing.length === halves.length) return [];
  return missing.map((binding) => ({ binding, wants: "wants a value, since its other half has one" }));
}

/** A rotation that rotates nothing would pass for done. */
function sameSecrets(env: Readonly<Record<string, unknown>>): readonly Problem[] {
  const previous = env["OTP_SECRET_PREVIOUS"];
  if (previous === undefined || previous !== env["OTP_SECRET"]) return [];
  return [{ binding: "OTP_SECRET_PREVIOUS", wants: "wants the secret before OTP_SECRET, not the same" }];
}
