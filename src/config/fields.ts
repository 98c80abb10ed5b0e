import * as z from "zod/mini";
import { parseBase64url } from "../bytes.ts";
import type { Metrics } from "../metrics.ts";
import { parseRegions, REGIONS_WANTS } from "./regions.ts";

const SECRET_BYTES = 32;

const text = z.string("wants a text").check(z.trim(), z.minLength(1, "wants a text that is not empty"));

/** Printable and without spaces, since each of these travels in a header. */
export const credential = text.check(z.regex(/^[!-~]+$/, "wants printable ASCII without spaces"));

export const secret = z.pipe(
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

export const REDIS_URL_WANTS: Readonly<Record<string, string>> = {
  "redis:":
    "is a redis:// address; wants the https:// address of the database's REST API (UPSTASH_REDIS_REST_URL in the Upstash console)",
  "rediss:":
    "is a rediss:// address; wants the https:// address of the database's REST API (UPSTASH_REDIS_REST_URL in the Upstash console)",
  "http:": "is an http:// address; wants https://, since the store is reached over TLS or not at all",
};

/**
 * Taken as it stands, so it must mean the same to every parser, the store's client too: no spaces, credentials, query or
 * fragment, and a host that begins like one, not like a placeholder that nobody has filled in.
 */
export const httpsUrl = (wants: string, wantsByScheme: Readonly<Record<string, string>> = {}) =>
  text.check(({ value, issues }) => {
    if (/^https:\/\/[^\s?#@\\/][^\s?#@\\]*$/.test(value) && hasHost(value)) return;
    const scheme = URL.canParse(value) ? new URL(value).protocol : "";
    issues.push({ code: "custom", message: wantsByScheme[scheme] ?? wants, input: value });
  });

/** At least two characters, which is what the store's client wants too. */
const HOST = /^([a-z0-9][a-z0-9._-]*[a-z0-9]\.?|\[[0-9a-f:.]+\])$/;

function hasHost(value: string): boolean {
  const url = value.replaceAll("{region}", "region");
  return URL.canParse(url) && HOST.test(new URL(url).hostname);
}

export const endpoint = httpsUrl("wants https://host/{region}").check(
  z.refine((value) => !/[{}]/.test(value.replaceAll("{region}", "")), "wants no placeholder but {region}"),
);

export const directoryUrl = text.check(
  z.refine(
    (value) => /^https:\/\/[^\s#@\\]+$/.test(value) && URL.canParse(value),
    "wants the https:// address that is asked for user records, without credentials and fragment",
  ),
);

/** In one spelling, since `iss` is compared as text (RFC 7519 section 4.1.1). */
export const issuer = z.pipe(
  httpsUrl("wants the service's own https:// address"),
  z.transform((value) => new URL(value).href.replace(/\/+$/, "")),
);

export const regions = z.pipe(
  text,
  z.transform((value, ctx) => {
    const parsed = parseRegions(value);
    if (parsed !== null) return parsed;
    ctx.issues.push({ code: "custom", message: REGIONS_WANTS, input: value });
    return z.NEVER;
  }),
);

export const environment = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9-]{0,31}$/, "wants a name in lower case, such as staging or production"));

export const metrics = z.custom<Metrics>(isDataset, "wants an Analytics Engine dataset");

function isDataset(value: unknown): boolean {
  return typeof (value as Partial<Metrics> | null)?.writeDataPoint === "function";
}

/** A binding of kind json arrives as an object from wrangler.toml, and as text from `.dev.vars` or the dashboard. */
export const json = z.transform((value, ctx) => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    ctx.issues.push({ code: "custom", message: "wants JSON", input: value });
    return z.NEVER;
  }
});

/** The binding of wrangler.toml's `[assets]`. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

export const assets = z.custom<Assets>(
  (value) => typeof value === "object" && value !== null && "fetch" in value,
  "wants the static assets of wrangler.toml, or nothing",
);
