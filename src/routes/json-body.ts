import type { Input, MiddlewareHandler } from "hono";
import type * as z from "zod/mini";
import { decodeUtf8, utf8 } from "../bytes.ts";
import type { BodyBytes } from "../read-at-most.ts";
import { readAtMost } from "../read-at-most.ts";
import type { Refusal } from "./answer.ts";
import { refuse } from "./answer.ts";
import type { AppContext, AppEnv } from "./env.ts";
import { findRepeatedField } from "./repeated-field.ts";

const MOST_BYTES = 16 * 1024;
const MOST_DRAINED = 2 * 1024 * 1024;

type Body<S extends z.ZodMiniType> = { in: { json: z.input<S> }; out: { json: z.output<S> } };
type OptionalBody<S extends z.ZodMiniType> = { in: { json?: z.input<S> }; out: { json: z.output<S> } };
type BodyRefusal = Refusal<"UNSUPPORTED_MEDIA_TYPE" | "BODY_TOO_LARGE" | "INVALID_REQUEST">;
type BodyHandler<B extends Input> = MiddlewareHandler<AppEnv, string, B, BodyRefusal>;

/** Reads a JSON body of at most 16 KiB, whatever length it declares, and hands its parsed form to the route. */
export function jsonBody<S extends z.ZodMiniType>(schema: S): BodyHandler<Body<S>> {
  return async function readJsonBody(c, next) {
    if (!isJson(c)) return refuse(c, "UNSUPPORTED_MEDIA_TYPE", { reason: "content_type" });
    const bytes = await readAtMost(c.req.raw.body, MOST_BYTES, MOST_DRAINED);
    const refusal = validate(c, schema, bytes);
    if (refusal !== null) return refusal;
    await next();
    return undefined;
  };
}

/** The same, where no body at all stands for an empty object, as the apps sign out. */
export function optionalJsonBody<S extends z.ZodMiniType>(schema: S): BodyHandler<OptionalBody<S>> {
  return async function readOptionalJsonBody(c, next) {
    const bytes = await readAtMost(c.req.raw.body, MOST_BYTES, MOST_DRAINED);
    const isEmpty = bytes instanceof Uint8Array && bytes.length === 0;
    if (!isEmpty && !isJson(c)) return refuse(c, "UNSUPPORTED_MEDIA_TYPE", { reason: "content_type" });
    const refusal = validate(c, schema, isEmpty ? utf8("{}") : bytes);
    if (refusal !== null) return refusal;
    await next();
    return undefined;
  };
}

/** Hears a body out that nobody will read. */
export async function drainBody(c: AppContext): Promise<void> {
  await readAtMost(c.req.raw.body, 0, MOST_DRAINED);
}

function isJson(c: AppContext): boolean {
  return /^application\/json\s*(;|$)/i.test((c.req.header("Content-Type") ?? "").trim());
}

function validate(c: AppContext, schema: z.ZodMiniType, bytes: BodyBytes): BodyRefusal | null {
  if (bytes === "too_large") return refuse(c, "BODY_TOO_LARGE", { reason: "body_size" });
  const json = bytes === "broken_off" ? NOT_JSON : parseJson(bytes);
  if ("problem" in json) return refuseFields(c, [{ path: json.path, message: json.problem }]);
  const parsed = schema.safeParse(json.value);
  if (!parsed.success) return refuseFields(c, parsed.error.issues.map(describeIssue));
  c.req.addValidatedData("json", parsed.data as object);
  return null;
}

/** What is wrong with a request, by field. */
export function refuseFields(
  c: AppContext,
  fields: readonly { path: string; message: string }[],
  message?: string,
) {
  // A name of the caller's own making could hold anything, a number too.
  const named = fields.map((field) =>
    /^[A-Za-z-]{1,32}$/.test(field.path) ? field : { ...field, path: "" },
  );
  return refuse(c, "INVALID_REQUEST", {
    reason: [...new Set(named.map(({ path }) => path || "body"))].join(","),
    extra: { fields: named },
    ...(message === undefined ? {} : { message }),
  });
}

function describeIssue(issue: z.core.$ZodIssue): { path: string; message: string } {
  const message = issue.message === "Invalid input" ? fallbackMessage(issue) : issue.message;
  return { path: issue.path.map(String).join("."), message };
}

function fallbackMessage(issue: z.core.$ZodIssue): string {
  return issue.code === "invalid_type" ? `must be ${issue.expected}` : "is not valid";
}

type Json = { readonly value: unknown } | { readonly problem: string; readonly path: string };

const NOT_JSON = { problem: "must be JSON in UTF-8", path: "" } as const;

function parseJson(bytes: Uint8Array): Json {
  try {
    const text = decodeUtf8(bytes);
    const value: unknown = JSON.parse(text);
    const repeated = findRepeatedField(text);
    return repeated === null ? { value } : { problem: "stands in the body twice", path: repeated };
  } catch {
    return NOT_JSON;
  }
}
