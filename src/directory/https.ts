import type { Posted } from "../post-once.ts";
import { postOnce } from "../post-once.ts";
import { parseAnswer } from "./answer.ts";
import { NOBODY } from "./nobody.ts";
import type { DirectoryAnswer, DirectoryQuery } from "./port.ts";
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

interface RequestOptions extends DirectoryOptions {
  /** Beside the service's own. */
  readonly headers: Readonly<Record<string, string>>;
}

const MOST_BYTES = 16 * 1024;

/**
 * The company's backend by one signed POST. A 404 with an
 * object of JSON says that it knows nobody of that number; every other answer than a 200 that can be read in full is
 * `unavailable`. `headers` go along with this request, unsigned.
 */
export function createDirectory(options: DirectoryOptions) {
  return async (query: DirectoryQuery, headers: RequestOptions["headers"] = {}): Promise<DirectoryAnswer> => {
    const posted = await post({ ...options, headers }, query);
    if ("failure" in posted) return unavailable(posted.failure);
    const { status, bytes } = posted;
    if (status === 200) return parseAnswer(bytes);
    // A gateway that has lost its way says 404 too, and would make new people of everybody; but hardly in JSON.
    return isObject(bytes) ? { kind: "record", record: NOBODY } : unavailable(`status_${status}`);
  };
}

async function post(
  { url, secret, timeoutMs, now, headers }: RequestOptions,
  { role, phone, userId, requestId }: DirectoryQuery,
): Promise<Posted> {
  const { origin, pathname, search } = new URL(url);
  const path = pathname + search;
  const time = String(Math.floor(now() / 1000));
  const body = JSON.stringify({ role, phone, userId });
  const ours = {
    "Content-Type": "application/json",
    "X-Request-Id": requestId,
    "X-Edge-Otp-Time": time,
    "X-Edge-Otp-Signature": await signRequest(secret, { time, method: "POST", path, body }),
  };
  // Built from what was signed: the text of the binding may end in an empty query or fragment.
  const call = { url: origin + path, headers: { ...headers, ...ours }, body, timeoutMs };
  return postOnce({ ...call, mostBytes: MOST_BYTES, statuses: [200, 404] });
}

function isObject(bytes: Uint8Array): boolean {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function unavailable(reason: string): DirectoryAnswer {
  return { kind: "unavailable", reason };
}
