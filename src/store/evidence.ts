import type { InvocationId, Line } from "../ids.ts";
import type { GuardEvidence, Hold, WatchedHour } from "./guard-port.ts";
import { WINDOW_MS } from "./guard-port.ts";
import { readCount, readCounterText, readScores, wellFormed } from "./replies.ts";
import { parseHold } from "./values.ts";
import type { watchSend } from "./watch.ts";
import { MOST_WATCHED, PAST_WINDOWS, windowOf } from "./watch.ts";

/** From the replies of `watchSend`, and the texts of `watchedKeys`. */
export function readEvidence(
  replies: { readonly chain: unknown } & { readonly [Name in keyof ReturnType<typeof watchSend>]?: unknown },
  texts: readonly (string | null)[],
  now: number,
): GuardEvidence {
  const [known = null, ofPrefix = null, ofCountry = null] = texts.slice(2 * PAST_WINDOWS);
  const seen = readScores(replies.prefix).map(([member, at]) => ({ ...readWatched(member), at }));
  return {
    prefix: {
      sends: seen.flatMap(({ line, invocation, at }) =>
        invocation === null ? [] : [{ line, invocation, at }],
      ),
      verified: seen.filter(({ invocation }) => invocation === null).map(({ line, at }) => ({ line, at })),
      hold: readHold(ofPrefix),
      isFull: seen.length >= MOST_WATCHED,
    },
    country: {
      ...readHour(replies.country, texts.slice(0, PAST_WINDOWS), now),
      hold: readHold(ofCountry),
    },
    network: {
      ...readHour(replies.network, texts.slice(PAST_WINDOWS, 2 * PAST_WINDOWS), now),
      isKnown: known !== null,
    },
    isKnownNumber: readCount(replies.signIns) > 0,
  };
}

function readWatched(member: string): { readonly line: Line; readonly invocation: InvocationId | null } {
  const [line = "", invocation] = member.split(".");
  return { line: line as Line, invocation: invocation === undefined ? null : (invocation as InvocationId) };
}

function readHold(text: string | null): Hold | null {
  return text === null ? null : wellFormed(parseHold(text));
}

function readHour(replies: unknown, past: readonly (string | null)[], now: number): WatchedHour {
  const [running, won] = Array.isArray(replies) ? (replies as readonly unknown[]) : [];
  const windows = past.map((count, index) => ({
    startedAt: (windowOf(now) - 1 - index) * WINDOW_MS,
    sent: readCounterText(count),
  }));
  return { windows, running: readCount(running, 1) - 1, verified: readCount(won) };
}
