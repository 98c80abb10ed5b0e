import { readAtMost } from "./read-at-most.ts";

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For the whole call, the answer read to its end. */
  readonly timeoutMs: number;
  /** Of an answer; its body after unpacking. */
  readonly mostBytes: number;
  /** Statuses whose body is worth reading. */
  readonly statuses: readonly number[];
}

/** An answer that was read in full, or why there is none, in words that quote nothing of it. */
export type Posted = { readonly status: number; readonly bytes: Uint8Array } | { readonly failure: string };

/** One POST, once, that follows no redirect. Never throws. */
export async function postOnce({ url, timeoutMs, mostBytes, statuses, ...rest }: Post): Promise<Posted> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { method: "POST", ...rest, signal, redirect: "manual" });
    const { status, body } = response;
    if (!statuses.includes(status)) {
      await body?.cancel();
      return { failure: `status_${status}` };
    }
    const bytes = await readAtMost(body, mostBytes);
    signal.throwIfAborted();
    return typeof bytes === "string" ? { failure: bytes } : { status, bytes };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

/** By its name alone: a message can quote the address, and the query in it. */
function failureOf(error: unknown): "timeout" | "network" {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "TimeoutError" || name === "AbortError" ? "timeout" : "network";
}
