import fc from "fast-check";
import { description } from "../harness/description.ts";
import { forgeriesOf } from "./mutations.ts";

/** What a hostile caller has: a number with a code under way, and all that an earlier sign-in gave him. */
export interface Loot {
  readonly phone: string;
  readonly challengeId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sid: string;
  /** Right, and in no request. */
  readonly code: string;
}

export interface HostileRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer> | null;
  /** It holds the true access token, which is good for reading, and for ending sessions that are named. */
  readonly isAuthentic: boolean;
}

/** Ours that take a body, by the fields that they know. */
const FIELDS = {
  "/api/v1/auth/send-otp": ["phone", "role", "app", "locale", "refreshToken", "turnstileToken"],
  "/api/v1/auth/verify-otp": ["phone", "otp", "role", "app", "challengeId", "deviceId", "deviceName"],
  "/api/v1/auth/refresh": ["refreshToken"],
  "/api/v1/auth/logout": ["refreshToken", "everywhere"],
} as const;

type BodyPath = keyof typeof FIELDS;

const anyText = fc.string({ unit: "binary", maxLength: 300 });
/** What a header can hold on its way here. */
const headerText = fc
  .string({
    unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)),
    maxLength: 200,
  })
  .filter((text) => !text.includes("\x7f"));

export function hostileRequests(loot: Loot): fc.Arbitrary<HostileRequest> {
  const known = fc.constantFrom(...(Object.keys(FIELDS) as BodyPath[]));
  return fc.oneof(
    { weight: 6, arbitrary: known.chain((path) => toBodyRoute(path, loot)) },
    { weight: 2, arbitrary: toReadingRoute(loot) },
    { weight: 1, arbitrary: toAnywhere(loot) },
  );
}

/** Nearly right: known fields with what belongs there, with a forgery of it, or with anything. */
function toBodyRoute(path: BodyPath, loot: Loot): fc.Arbitrary<HostileRequest> {
  const field = (name: string) => fc.option(valueOf(name, loot), { nil: undefined, freq: 6 });
  const nearly = fc.record(Object.fromEntries(FIELDS[path].map((name) => [name, field(name)])));
  const extra = fc.dictionary(
    fc.oneof(fc.constantFrom("__proto__", "constructor", "toString"), anyText),
    value(),
    {
      maxKeys: 3,
    },
  );
  const json = fc
    .tuple(nearly, fc.option(extra, { nil: {}, freq: 2 }))
    .map(([fields, others]) => JSON.stringify({ ...fields, ...others }));
  const body = fc.oneof(
    { weight: 30, arbitrary: json },
    fc
      .tuple(json, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([text, share]) => text.slice(0, share * text.length)),
    fc.tuple(json, json).map(([one, other]) => one + other),
    fc.jsonValue({ maxDepth: 6 }).map((anything) => JSON.stringify(anything)),
    anyText,
    fc.uint8Array({ maxLength: 300 }).map((drawn) => new Uint8Array(drawn)),
  );
  return fc.record({
    method: fc.constant("POST"),
    path: fc.constant(path),
    headers: headersWith(forgedBearer(loot)),
    body: fc.option(body, { nil: null, freq: 30 }),
    isAuthentic: fc.constant(false),
  });
}

function toReadingRoute(loot: Loot): fc.Arbitrary<HostileRequest> {
  const sid = forgeriesOf([loot.sid]).map(
    (text) => `/api/v1/auth/sessions/${encodeURIComponent(wellFormed(text))}`,
  );
  const route = fc.oneof(
    fc.record({
      method: fc.constantFrom("GET", "HEAD"),
      path: fc.constantFrom("/api/v1/auth/me", "/api/v1/auth/sessions"),
    }),
    fc.record({ method: fc.constant("DELETE"), path: sid.filter((path) => !path.endsWith("/")) }),
  );
  const authentic = fc.record({
    isAuthentic: fc.constant(true),
    headers: headersWith(fc.constant(loot.accessToken)),
  });
  const forged = fc.record({
    isAuthentic: fc.constant(false),
    headers: headersWith(forgedBearer(loot)),
  });
  return fc
    .tuple(route, fc.oneof(authentic, forged))
    .map(([where, who]) => ({ ...where, ...who, body: null }));
}

/** Any method at any path, ours among them. */
function toAnywhere(loot: Loot): fc.Arbitrary<HostileRequest> {
  const ours = fc.constantFrom(...Object.keys(description.paths));
  const path = fc.oneof(
    ours,
    forgeriesOf(["/api/v1/auth/send-otp", "/.well-known/jwks.json", "/docs/viewer.js"]).map(toPath),
    fc.webPath(),
    fc.tuple(ours, fc.webQueryParameters()).map(([place, query]) => `${place}?${query}`),
  );
  return fc.record({
    method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"),
    path,
    headers: headersWith(forgedBearer(loot)),
    body: fc.constant(null),
    isAuthentic: fc.constant(false),
  });
}

/** In no header does white space around a token count. */
function forgedBearer({ accessToken, refreshToken, challengeId }: Loot): fc.Arbitrary<string> {
  return forgeriesOf([accessToken, refreshToken, challengeId])
    .map(toHeader)
    .filter((text) => text.trim() !== accessToken);
}

function headersWith(token: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> {
  const bearer = token.map((text) => `Bearer ${text}`);
  const trace = forgeriesOf(["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]).map(toHeader);
  const type = fc.oneof(
    { weight: 40, arbitrary: fc.constant("application/json") },
    fc.constantFrom("application/json; charset=utf-16", "text/plain", "application/json,application/json"),
    headerText,
  );
  const address = fc.oneof({ weight: 3, arbitrary: fc.ipV4() }, fc.ipV6(), headerText);
  const key = fc.oneof({ weight: 8, arbitrary: fc.stringMatching(/^[ -~]{1,40}$/) }, headerText);
  const sometimes = (arbitrary: fc.Arbitrary<string>, freq = 4) =>
    fc.option(arbitrary, { nil: undefined, freq });
  return fc
    .record({
      Authorization: fc.oneof({ weight: 4, arbitrary: bearer }, sometimes(headerText, 2)),
      "Content-Type": type,
      "CF-Connecting-IP": sometimes(address, 8),
      "Idempotency-Key": sometimes(key),
      "X-Idempotency-Key": sometimes(key, 1),
      "X-Request-Id": sometimes(headerText),
      traceparent: sometimes(trace),
      tracestate: sometimes(headerText),
      Origin: sometimes(fc.oneof(fc.webUrl(), headerText), 1),
      "User-Agent": sometimes(headerText),
      "Accept-Language": sometimes(headerText, 1),
    })
    .map((headers) => Object.fromEntries(Object.entries(headers).filter(isSent)));
}

const isSent = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

const value = () => fc.oneof(fc.jsonValue({ maxDepth: 3 }), anyText);

function valueOf(name: string, loot: Loot): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: fittingValue(name, loot) }, value());
}

function fittingValue(name: string, loot: Loot): fc.Arbitrary<unknown> {
  switch (name) {
    case "phone":
      return fc.oneof(
        { weight: 4, arbitrary: fc.constant(loot.phone) },
        fc.integer({ min: 6e9, max: 10e9 - 1 }).map((number) => `+91${number}`),
        fc.stringMatching(/^[+0-9 ()-]{3,20}$/),
        forgeriesOf([loot.phone]),
      );
    case "otp":
      return fc
        .oneof(
          { weight: 8, arbitrary: fc.stringMatching(/^\d{6}$/) },
          fc.stringMatching(/^[\d٠-٩०-９ -]{6,9}$/),
          fc.string({ unit: "grapheme", maxLength: 8 }),
        )
        .filter((text) => !text.normalize("NFKC").includes(loot.code));
    case "role":
      return fc.constantFrom("customer", "customer", "transporter", "driver");
    case "app":
      return fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constantFrom("customer", "admin"));
    case "challengeId":
      return fc.oneof(fc.constant(loot.challengeId), forgeriesOf([loot.challengeId]));
    case "refreshToken":
      return forgeriesOf([loot.refreshToken, loot.accessToken]);
    case "everywhere":
      return fc.boolean();
    case "locale":
      return fc.constantFrom("en", "hi", "hi_IN", "zz-ZZ", "x");
    default:
      return fc.string({ unit: "grapheme", maxLength: 50 });
  }
}

const wellFormed = (text: string) => text.toWellFormed();

/** What of a text can stand in a header. */
function toHeader(text: string): string {
  return text.replace(/[^\x20-\x7e\x80-\xff]/g, "");
}

function toPath(text: string): string {
  return `/${encodeURI(wellFormed(text)).replace(/^\/+/, "")}`;
}
