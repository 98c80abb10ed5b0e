import { readAtMost } from "../read-at-most.ts";
import { parseAnswer } from "./answer.ts";
import { NOBODY } from "./nobody.ts";
import type { AskDirectory, DirectoryAnswer, DirectoryQuery } from "./port.ts";
import { signRequest } from "./sign.ts";

export interface DirectoryOptions {
  /** `https:`, with a path and a query of its own. */
  readonly url: string;
  readonly secret: Uint8Array<ArrayBuffer>;
  /** For the whole call, the answer read to its end. */
  readonly timeoutMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const MOST_BYTES = 16 * 1024;

/**
 * The company's backend by one signed POST. A 404 with an
 * object of JSON says that it knows nobody of that number; every other answer than a 200 that can be read in full is
 * `unavailable`.
 */
export function createDirectory(options: DirectoryOptions): AskDirectory {
  return async (query) => {
    const signal = AbortSignal.timeout(options.timeoutMs);
    try {
      return await ask(options, query, signal);
    } catch (error) {
      return unavailable(failureOf(error));
    }
  };
}

async function ask(
  options: DirectoryOptions,
  query: DirectoryQuery,
  signal: AbortSignal,
): Promise<DirectoryAnswer> {
  const response = await post(options, query, signal);
  const { status } = response;
  if (status !== 200 && status !== 404) {
    await response.body?.cancel();
    return unavailable(`status_${status}`);
  }
  const bytes = await readAtMost(response.body, MOST_BYTES);
  signal.throwIfAborted();
  if (typeof bytes === "string") return unavailable(bytes);
  if (status === 200) return parseAnswer(bytes);
  // A gateway that has lost its way says 404 too, and would make new people of everybody; but hardly in JSON.
  return isObject(bytes) ? { kind: "record", record: NOBODY } : unavailable(`status_${status}`);
}

function isObject(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

async function post(
  { url, secret, now }: DirectoryOptions,
  { role, phone, userId, requestId }: DirectoryQuery,
  signal: AbortSignal,
): Promise<Response> {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const time = String(Math.floor(now() / 1000));
  const body = JSON.stringify({ role, phone, userId });
  const headers = {
    "Content-Type": "application/json",
    "X-Request-Id": requestId,
    "X-Edge-Otp-Time": time,
    "X-Edge-Otp-Signature": await signRequest(secret, { time, method: "POST", path, body }),
  };
  // Built from what was signed: the text of the binding may end in an empty query or fragment.
  return fetch(origin + path, { method: "POST", headers, body, signal, redirect: "manual" });
}

function unavailable(reason: string): DirectoryAnswer {
  return { kind: "unavailable", reason };
}

/** By its name alone: a message can quote the address, and the query in it. */
function failureOf(error: unknown): "timeout" | "network" {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "TimeoutError" || name === "AbortError" ? "timeout" : "network";
}
