import { createHash } from "node:crypto";
import type { PhoneId, Subject } from "../../../src/ids.ts";
import { violations } from "../../harness/description.ts";
import type { Role, Stage } from "./stage.ts";

/** One answer of the service. */
export interface Answer {
  readonly status: number;
  /** Of `error`, else null. */
  readonly code: string | null;
  readonly data: Readonly<Record<string, unknown>>;
  readonly error: Readonly<Record<string, unknown>>;
  /** From the first byte asked to the last byte read. */
  readonly ms: number;
  /** Where it is not as the API's description says. */
  readonly violations: readonly string[];
}

export interface Asked {
  readonly method?: "GET" | "POST";
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly key?: string;
  readonly bearer?: string;
  /** Of the trace that the request belongs to: 32 hex digits. */
  readonly traceId?: string;
}

/** Somebody with a number, a phone of his own, and an address that nobody else has. */
export interface Person {
  /** E.164. */
  readonly phone: string;
  readonly role: Role;
  readonly subject: Subject;
  readonly phoneId: PhoneId;
  ask(asked: Asked): Promise<Answer>;
  /** The SMS that this number has got so far, oldest first. */
  texts(): readonly string[];
}

const PATHS = "/api/v1/auth/";

export async function createPerson(
  stage: Stage,
  { index, seed, role }: { readonly index: number; readonly seed: number; readonly role: Role },
): Promise<Person> {
  const phone = phoneAt(index, seed);
  const address = `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`;
  return {
    phone,
    role,
    subject: await stage.identity.subject(role, phone),
    phoneId: await stage.identity.phoneId(phone),
    ask: (asked) => ask(stage.url, { "CF-Connecting-IP": address }, asked),
    texts: () => stage.sent.filter(({ to }) => to === phone).map(({ text }) => text),
  };
}

async function ask(
  url: string,
  caller: Readonly<Record<string, string>>,
  { method = "POST", path: name, body, key, bearer, traceId }: Asked,
): Promise<Answer> {
  const path = name.startsWith("/") ? name : PATHS + name;
  const sent = body === undefined ? null : JSON.stringify(body);
  const startedAt = performance.now();
  const response = await fetch(url + path, {
    method,
    headers: {
      ...caller,
      ...(sent === null ? {} : { "Content-Type": "application/json" }),
      ...(key === undefined ? {} : { "Idempotency-Key": key }),
      ...(bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` }),
      ...(traceId === undefined ? {} : { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }),
    },
    body: sent,
  });
  const text = await response.text();
  const ms = performance.now() - startedAt;
  const { status, headers } = response;
  const parsed = parse(text);
  return {
    status,
    code: typeof parsed.error?.["code"] === "string" ? parsed.error["code"] : null,
    data: parsed.data ?? {},
    error: parsed.error ?? {},
    ms,
    violations: violations({ method, path, sent: sent ?? undefined, status, headers, text }),
  };
}

interface Body {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly error?: Readonly<Record<string, unknown>>;
}

function parse(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return {};
  }
}

/** A mobile number in India for each index, others with another seed. */
function phoneAt(index: number, seed: number): string {
  const digest = createHash("sha256").update(`${seed} ${index}`).digest();
  return `+9198${String(digest.readUInt32BE(0) % 10_000).padStart(4, "0")}${String(index).padStart(4, "0")}`;
}
