import type { LoggedSend } from "./send-port.ts";
import { StoreUnavailable } from "./port.ts";
import type { Hash } from "./values.ts";
import { parseLogged } from "./values.ts";

/**
 * Parsers of replies. A limiter that misreads a reply fails open, so each accepts exactly the shape that Redis
 * documents for its command (RESP2) and throws `StoreUnavailable("malformed")` for anything else.
 */
export function readCount(reply: unknown, minimum = 0): number {
  if (typeof reply === "number" && Number.isSafeInteger(reply) && reply >= minimum) return reply;
  throw new StoreUnavailable("malformed");
}

/** The text of a counter; 0 when there is none, or when a late refund has left it below. */
export function readCounterText(reply: unknown): number {
  if (reply === null) return 0;
  if (typeof reply === "string" && /^-?\d{1,15}$/.test(reply)) return Math.max(0, Number(reply));
  throw new StoreUnavailable("malformed");
}

/** The texts of as many keys, null where there is none. */
export function readTexts(reply: unknown, count: number): readonly (string | null)[] {
  if (!Array.isArray(reply) || reply.length !== count) throw new StoreUnavailable("malformed");
  return reply.map((text: unknown) => {
    if (text === null || typeof text === "string") return text;
    throw new StoreUnavailable("malformed");
  });
}

export function readHash(reply: unknown): Hash {
  return new Map(readPairs(reply));
}

export function readLog(reply: unknown): readonly LoggedSend[] {
  return readScores(reply).map(([member, at]) => ({ ...wellFormed(parseLogged(member)), at }));
}

/** Members with their scores. */
export function readScores(reply: unknown): readonly (readonly [string, number])[] {
  return readPairs(reply).map(([member, text]) => {
    const score = Number(text);
    if (text === "" || !Number.isFinite(score)) throw new StoreUnavailable("malformed");
    return [member, score] as const;
  });
}

/** Null from a parser of values.ts: the store holds what this service never wrote. */
export function wellFormed<T>(value: T | null): T {
  if (value === null) throw new StoreUnavailable("malformed");
  return value;
}

function readPairs(reply: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(reply) || reply.length % 2 !== 0) throw new StoreUnavailable("malformed");
  const flat = reply.map((item: unknown) => {
    if (typeof item === "string") return item;
    if (typeof item === "number") return String(item);
    throw new StoreUnavailable("malformed");
  });
  return flat.flatMap((left, index) => (index % 2 === 0 ? [[left, flat[index + 1] ?? ""] as const] : []));
}
