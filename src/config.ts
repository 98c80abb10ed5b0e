import * as z from "zod/mini";
import { parseBase64url } from "./bytes.ts";
import type { Apps } from "./config/apps.ts";
import { appsSchema, createApps } from "./config/apps.ts";
import type { Policy } from "./config/policy.ts";
import { policySchema } from "./config/policy.ts";
import { SNS_SMS_REGIONS } from "./config/regions.ts";

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

/** What one binding wants, in words that hold no value of it. */
export interface Problem {
  readonly binding: string;
  readonly wants: string;
}

/** `signingKeys` is what `SIGNING_KEYS` holds, not looked at: proving a key takes promises (tokens/keys.ts). */
export type ConfigResult = { readonly signingKeys: unknown } & (
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly Problem[] }
);

const SECRET_BYTES = 32;

const text = z.string("wants a text").check(z.trim(), z.minLength(1, "wants a text that is not empty"));

/** Printable and without spaces, since each of these travels in a header. */
const credential = text.check(z.regex(/^[!-~]+$/, "wants printable ASCII without spaces"));

const secret = z.pipe(
  z.string(`wants at least ${SECRET_BYTES} random bytes in base64url`),
  z.transform((value, ctx) => {
    const bytes = parseBase64url(value.trim());
    if (bytes !== null && bytes.length >= SECRET_BYTES) return bytes;
    ctx.issues.push({
      code: "custom",
      message: `wants at least ${SECRET_BYTES} random bytes in base64url`,
      input: value,
    });
    return z.NEVER;
  }),
);

const REDIS_URL_WANTS: Readonly<Record<string, string>> = {
  "redis:":
    "is a redis:// address; wants the https:// address of the database's REST API (UPSTASH_REDIS_REST_URL in the Upstash console)",
  "rediss:":
    "is a rediss:// address; wants the https:// address of the database's REST API (UPSTASH_REDIS_REST_URL in the Upstash console)",
  "http:": "is an http:// address; wants https://, since the store is reached over TLS or not at all",
};

/** Taken as it stands, so it must mean the same to every parser: no spaces, no credentials, query or fragment. */
const httpsUrl = (wants: string, wantsByScheme: Readonly<Record<string, string>> = {}) =>
  text.check(({ value, issues }) => {
    if (/^https:\/\/[^\s?#@\\]+$/.test(value) && URL.canParse(value)) return;
    const scheme = URL.canParse(value) ? new URL(value).protocol : "";
    issues.push({ code: "custom", message: wantsByScheme[scheme] ?? wants, input: value });
  });

const endpoint = httpsUrl("wants https://host/{region}").check(
  z.refine((value) => !/[{}]/.test(value.replaceAll("{region}", "")), "wants no placeholder but {region}"),
);

const directoryUrl = text.check(
  z.refine(
    (value) => /^https:\/\/[^\s#@\\]+$/.test(value) && URL.canParse(value),
    "wants the https:// address that is asked for user records, without credentials and fragment",
  ),
);

/** In one spelling, since `iss` is compared as text (RFC 7519 section 4.1.1). */
const issuer = z.pipe(
  httpsUrl("wants the service's own https:// address"),
  z.transform((value) => new URL(value).href.replace(/\/+$/, "")),
);

const regions = z.pipe(
  text,
  z.transform((value, ctx) => {
    const names = value.split(",").map((name) => name.trim());
    if (names.every((name) => SNS_SMS_REGIONS.has(name)) && new Set(names).size === names.length)
      return names;
    const wants =
      "wants AWS regions whose SNS sends SMS, each once, with commas between: ap-south-1,ap-south-2";
    ctx.issues.push({ code: "custom", message: wants, input: value });
    return z.NEVER;
  }),
);

/** A binding of kind json arrives as an object from wrangler.toml, and as text from `.dev.vars` or the dashboard. */
const json = z.transform((value, ctx) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    ctx.issues.push({ code: "custom", message: "wants JSON", input: value });
    return z.NEVER;
  }
});

/** The only place that knows the names of the bindings (DESIGN section 6). */
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

/** What is empty is also too short and of the wrong shape: one sentence a place will do. */
function firstOfEachPlace(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const places = issues.map((issue) => issue.path.join("."));
  return issues.filter((_, index) => places.indexOf(places[index] ?? "") === index);
}

function describeIssue(issue: z.core.$ZodIssue): Problem {
  const [binding, ...path] = issue.path.map(String);
  const at = path.length > 0 ? `${path.map(nameOnly).join(".")} ` : "";
  return { binding: binding ?? "bindings", wants: at + wantsOf(issue) };
}

/** A key of a free record, or one that was pasted by mistake, could be a value. */
function nameOnly(key: string): string {
  return /^[A-Za-z][A-Za-z-]{0,31}$/.test(key) ? key : "*";
}

/** zod/mini ships no words of its own, so every code that our schemas can raise has its sentence here. */
function wantsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.message === "Invalid input" ? `wants ${issue.expected}` : issue.message;
    case "unrecognized_keys":
      return `knows no field ${issue.keys.map(nameOnly).join(", ")}`;
    case "too_small":
      return `wants ${issue.minimum} at least`;
    case "too_big":
      return `wants ${issue.maximum} at most`;
    case "invalid_value":
      return `wants one of ${issue.values.join(", ")}`;
    case "invalid_key":
    case "invalid_element":
      return issue.issues.map(wantsOf).join("; ");
    default:
      return issue.message;
  }
}
