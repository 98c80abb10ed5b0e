import type { Redis } from "@upstash/redis/cloudflare";
import { errors } from "@upstash/redis/cloudflare";
import { StoreClient } from "./client.ts";
import { StoreUnavailable } from "./port.ts";

export type Pipeline = ReturnType<Redis["multi"]>;
/** Names the replies that matter, by the place of their commands. */
export type Places = Readonly<Record<string, number | readonly number[]>>;
/** Adds commands to one `/multi-exec` request. */
export type Commands<P> = (pipeline: Pipeline) => P;
/** What the store replied, by name and not yet parsed. */
export type Replies<P> = {
  readonly [Name in keyof P]: P[Name] extends number ? unknown : readonly unknown[];
};
/** Throws `StoreUnavailable` unless every command was executed. The headers go with this request alone. */
export type Transact = <P extends Places>(
  commands: Commands<P>,
  headers?: Readonly<Record<string, string>>,
) => Promise<Replies<P>>;

/** For a transaction whose replies say nothing. */
export const NOTHING = {} as const;

/** The place of the command that was added last. */
export function last(pipeline: Pipeline): number {
  return pipeline.length() - 1;
}

/** What of `POLICY` the transactions depend on. */
export interface StoreSizes {
  readonly codeLifetimeSeconds: number;
  readonly guessesPerChallenge: number;
  readonly sendsPerDay: number;
  readonly sendsPerDayPerNumber?: number | undefined;
  readonly sendsPerDayReserve: number;
  /** How many roles a number can sign in to, each with a reserve of its own; one unless told. */
  readonly roles?: number | undefined;
}

export interface Transactions {
  /** Sends a transaction once. */
  readonly transact: Transact;
  /** The same with little patience, for tidying up while a caller waits for bad news. */
  readonly transactBriefly: Transact;
}

export interface StoreAddress {
  readonly url: string;
  readonly token: string;
  readonly timeoutMs: number;
}

/** Sends each transaction once. */
export function connectUpstash({ url, token, timeoutMs }: StoreAddress): Transact {
  const redis = new StoreClient({
    url,
    token,
    // `retry: false` still sends twice, and a repeat is ours to decide.
    retry: { retries: 0 },
    // A function, not a signal: given a signal, the client answers null on time-out instead of throwing.
    signal: () => AbortSignal.timeout(timeoutMs),
    // It would turn the code "123456" into a number and leave "012345" a string.
    automaticDeserialization: false,
    // All that we store is ASCII.
    responseEncoding: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
    latencyLogging: false,
    // Every transaction of ours writes, so it runs on the primary.
    readYourWrites: false,
  });
  return async (commands, headers = {}) => {
    const pipeline = redis.multiWith(headers);
    const places = commands(pipeline);
    const replies = await execute(pipeline);
    if (replies.length !== pipeline.length()) throw new StoreUnavailable("malformed");
    return nameReplies(replies, places);
  };
}

function nameReplies<P extends Places>(replies: readonly unknown[], places: P): Replies<P> {
  const named = Object.entries(places).map(([name, place]) => [
    name,
    typeof place === "number" ? replies[place] : place.map((one) => replies[one]),
  ]);
  return Object.fromEntries(named) as Replies<P>;
}

/** Repeats a transaction whose fate is unknown, once, with the same ids. What the store has refused stays refused. */
export function repeatOnce(transact: Transact): Transact {
  return async (commands) => {
    try {
      return await transact(commands);
    } catch (error) {
      if (error instanceof StoreUnavailable && error.reason === "refused") throw error;
      return transact(commands);
    }
  };
}

async function execute(pipeline: Pipeline): Promise<readonly unknown[]> {
  try {
    const results: unknown = await pipeline.exec({ keepErrors: true });
    if (!Array.isArray(results)) throw new StoreUnavailable("malformed");
    return results.map(replyOf);
  } catch (error) {
    // Neither chained nor quoted: the client's messages hold the whole command, keys and values included.
    throw error instanceof StoreUnavailable ? error : new StoreUnavailable(failureOf(error));
  }
}

function replyOf(result: unknown): unknown {
  if (typeof result !== "object" || result === null || !("result" in result))
    throw new StoreUnavailable("malformed");
  if ("error" in result && result.error !== undefined && result.error !== null)
    throw new StoreUnavailable("refused");
  if (result.result === undefined) throw new StoreUnavailable("malformed");
  return result.result;
}

function failureOf(error: unknown): StoreUnavailable["reason"] {
  if (error instanceof errors.UpstashJSONParseError) return "malformed";
  if (error instanceof errors.UpstashError) return "refused";
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return name === "TimeoutError" || name === "AbortError" ? "timeout" : "network";
}
