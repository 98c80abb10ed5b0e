import { createHmac } from "node:crypto";
import { equalSecrets } from "../equal-secrets.ts";
import { hashCanonicalRequest, type SignedRequest } from "./canonical-request.ts";
import type { SnsFailure } from "./failure.ts";

export type { SignedRequest } from "./canonical-request.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type SignatureFailure = SnsFailure;

interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const SKEW_MS = 15 * 60_000;

/**
 * Checks a request's Signature Version 4 as AWS does for `sns`, from what was received: null when it is good. Where
 * the path names a region, it must be the one that the signature is for. Pure: `now` is in ms.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function verifySignature(
  request: SignedRequest,
  credentials: Credentials,
  now: number,
): SignatureFailure | null {
  const header = request.headers["authorization"];
  if (header === undefined) return missing("Request is missing Authentication Token");
  if (!header.startsWith("AWS4-HMAC-SHA256 ")) return incomplete("Unsupported AWS 'algorithm'");
  const authorization = parseAuthorization(header);
  const sentAt = request.headers["x-amz-date"] ?? "";
  const sentMs = parseAmzDate(sentAt);
  if (authorization === null) {
    return incomplete(
      "Authorization header requires 'Credential', 'SignedHeaders' and 'Signature' parameters.",
    );
  }
  if (sentMs === null) {
    return incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (!isKnownKey(authorization, request, credentials)) return unknownKey();
  return (
    scopeFailure(authorization, request.path, sentAt) ??
    skewFailure(sentAt, sentMs, now) ??
    signatureFailure(authorization, request, credentials.secretAccessKey)
  );
}

/** The region that the path names: `ap-south-1` in `/ap-south-1/`, null in `/`. */
export const regionOfPath = (path: string): string | null =>
  /^\/([a-z]{2}(?:-[a-z]+)+-\d)(?:\/|$)/.exec(path)?.[1] ?? null;

/** The region that the Authorization header is signed for, or null. */
export const regionOfScope = (header: string): string | null => parseAuthorization(header)?.region ?? null;

function parseAuthorization(header: string): Authorization | null {
  const parameters = new Map<string, string>();
  for (const part of header.slice(header.indexOf(" ") + 1).split(",")) {
    const [name = "", ...value] = part.trim().split("=");
    parameters.set(name, value.join("="));
  }
  const [accessKeyId, date, region, service, terminator, ...rest] = (
    parameters.get("Credential") ?? ""
  ).split("/");
  const signature = parameters.get("Signature");
  const signedHeaders = parameters.get("SignedHeaders")?.split(";");
  if (!accessKeyId || !date || !region || !service || terminator !== "aws4_request" || rest.length > 0)
    return null;
  if (!signature || !signedHeaders) return null;
  return { accessKeyId, date, region, service, signedHeaders, signature };
}

function isKnownKey(
  { accessKeyId }: Authorization,
  { headers }: SignedRequest,
  { accessKeyId: known, sessionToken }: Credentials,
): boolean {
  return (
    equalSecrets(accessKeyId, known) &&
    equalSecrets(headers["x-amz-security-token"] ?? "", sessionToken ?? "")
  );
}

function scopeFailure({ date, region, service, signedHeaders }: Authorization, path: string, sentAt: string) {
  const addressed = regionOfPath(path);
  if (service !== "sns") return mismatch("Credential should be scoped to correct service: 'sns'.");
  if (addressed !== null && addressed !== region) {
    return mismatch(`Credential should be scoped to a valid region, not '${region}'. `);
  }
  if (!sentAt.startsWith(date)) {
    return mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${date}' != '${sentAt.slice(0, 8)}', from '${sentAt}'.`,
    );
  }
  const absent = ["host", "x-amz-date"].find((name) => !signedHeaders.includes(name));
  return absent === undefined
    ? null
    : mismatch(`'${absent}' must be a 'SignedHeader' in the AWS Authorization.`);
}

function skewFailure(sentAt: string, sentMs: number, now: number): SignatureFailure | null {
  const clock = formatAmzDate(now);
  if (sentMs < now - SKEW_MS) {
    const earliest = formatAmzDate(now - SKEW_MS);
    return mismatch(`Signature expired: ${sentAt} is now earlier than ${earliest} (${clock} - 15 min.)`);
  }
  if (sentMs > now + SKEW_MS) {
    const latest = formatAmzDate(now + SKEW_MS);
    return mismatch(
      `Signature not yet current: ${sentAt} is still later than ${latest} (${clock} + 15 min.)`,
    );
  }
  return null;
}

function signatureFailure(authorization: Authorization, request: SignedRequest, secret: string) {
  const { date, region, service, signature } = authorization;
  const canonicalHash = hashCanonicalRequest(request, authorization.signedHeaders);
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, canonicalHash].join("\n");
  const keys = [date, region, service, "aws4_request"];
  const key = keys.reduce<string | Buffer>((parent, part) => hmac(parent, part), `AWS4${secret}`);
  if (equalSecrets(signature, hmac(key, toSign).toString("hex"))) return null;
  return mismatch(
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
  );
}

const hmac = (key: string | Buffer, content: string): Buffer =>
  createHmac("sha256", key).update(content).digest();

const formatAmzDate = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

function parseAmzDate(text: string): number | null {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  const ms = iso === text ? NaN : Date.parse(iso);
  return Number.isNaN(ms) ? null : ms;
}

const missing = (message: string): SignatureFailure => ({
  code: "MissingAuthenticationToken",
  status: 403,
  message,
});
const incomplete = (message: string): SignatureFailure => ({
  code: "IncompleteSignature",
  status: 400,
  message,
});
const mismatch = (message: string): SignatureFailure => ({
  code: "SignatureDoesNotMatch",
  status: 403,
  message,
});
const unknownKey = (): SignatureFailure => ({
  code: "InvalidClientTokenId",
  status: 403,
  message: "The security token included in the request is invalid.",
});
