import { uncount } from "./counters.ts";
import { keys, ttl } from "./keys.ts";
import type { Hold, Watched, WatchScope } from "./guard-port.ts";
import { WINDOW_MS } from "./guard-port.ts";
import type { Guess } from "./guess-port.ts";
import type { OpenSend } from "./send-port.ts";
import type { Pipeline } from "./transaction.ts";
import { last } from "./transaction.ts";
import { formatHold } from "./values.ts";

/** The newest sends and verified numbers of a prefix: enough to judge by, and small in a reply. */
export const MOST_WATCHED = 128;
/** What is kept of them once there are as many, so that not every send has to drop one. */
const KEPT_WATCHED = 96;
/** Of an hour, beside the one that runs. */
export const PAST_WINDOWS = 6;

type WatchedSend = OpenSend & { readonly watched: Watched };

/** Notes a send where the guard looks for pumping, and reads all that it looks at but the texts of `watchedKeys`. */
export function watchSend(tx: Pipeline, send: WatchedSend) {
  const { subject, watched, now } = send;
  const prefix = keys.prefix(watched);
  tx.zadd(prefix, { nx: true }, { score: now, member: memberOf(send) });
  tx.zrange(prefix, -MOST_WATCHED, -1, { withScores: true });
  const seen = last(tx);
  tx.expire(prefix, ttl.watch);
  const country = watchHour(tx, now, hourOfCountry(watched));
  const network = watchHour(tx, now, hourOfNetwork(watched));
  tx.zcount(keys.user(subject), now - ttl.known * 1000, "+inf");
  return { prefix: seen, country, network, signIns: last(tx) };
}

/** What one command reads for the guard. */
export function watchedKeys({ watched, now }: Pick<WatchedSend, "watched" | "now">): readonly string[] {
  const past = pastWindows(now);
  return [
    ...past.map(hourOfCountry(watched).sent),
    ...past.map(hourOfNetwork(watched).sent),
    keys.network(watched),
    keys.hold(watched, "prefix"),
    keys.hold(watched, "country"),
  ];
}

interface HourKeys {
  readonly sent: (window: number) => string;
  readonly won: (window: number) => string;
}

function hourOfCountry(watched: Watched): HourKeys {
  return {
    sent: (window) => keys.countrySent(watched, window),
    won: (window) => keys.countryWon(watched, window),
  };
}

function hourOfNetwork(watched: Watched): HourKeys {
  return {
    sent: (window) => keys.networkSent(watched, window),
    won: (window) => keys.networkWon(watched, window),
  };
}

function watchHour(tx: Pipeline, now: number, { sent, won }: HourKeys): readonly [number, number] {
  const window = windowOf(now);
  tx.incr(sent(window));
  const running = last(tx);
  tx.expire(sent(window), ttl.window);
  tx.pfcount(won(window), ...pastWindows(now).map(won));
  return [running, last(tx)];
}

/** Takes a send that came to nothing out of what the guard looks at: a refusal never adds to what it was refused by. */
export function unwatchSend(tx: Pipeline, send: Pick<WatchedSend, "watched" | "invocation">): void {
  tx.zrem(keys.prefix(send.watched), memberOf(send));
}

/** Its counters of country and network, never repeated. */
export function uncountSend(tx: Pipeline, { watched, now }: Pick<WatchedSend, "watched" | "now">): void {
  const window = windowOf(now);
  uncount(tx, keys.countrySent(watched, window), ttl.window);
  uncount(tx, keys.networkSent(watched, window), ttl.window);
}

/** Notes a number, its country and its network as verified, or does as many commands that change nothing. */
export function watchGuess(tx: Pipeline, guess: Guess, watched: Watched): void {
  const { isRight, now, nonce, attempt } = guess;
  const prefix = keys.prefix(watched);
  const hours = [keys.countryWon(watched, windowOf(now)), keys.networkWon(watched, windowOf(now))];
  if (isRight) {
    tx.zadd(prefix, { score: now, member: watched.line }).expire(prefix, ttl.watch);
    tx.set(keys.network(watched), "1", { ex: ttl.known });
    for (const hour of hours) tx.pfadd(hour, nonce);
  } else {
    tx.zadd(prefix, { xx: true }, { score: now, member: attempt }).expire(prefix, ttl.watch, "NX");
    tx.get(keys.network(watched));
    for (const hour of hours) tx.pfcount(hour);
  }
  for (const hour of hours) tx.expire(hour, ttl.window, "NX");
}

/** Drops the oldest. */
export function trimPrefix(tx: Pipeline, watched: Watched): void {
  tx.zremrangebyrank(keys.prefix(watched), 0, -1 - KEPT_WATCHED);
}

/**
 * Claims the place of one hold; whoever comes later changes nothing. What everybody reads is a copy of the last one that
 * was claimed: a claim that arrives late copies the one after it again.
 */
export function claimHold(
  tx: Pipeline,
  { watched, by }: { readonly watched: Watched; readonly by: WatchScope },
  hold: Hold,
): void {
  const [claimed, next] = [hold.level, hold.level + 1].map((level) => keys.holdAt(watched, by, level));
  const shown = keys.hold(watched, by);
  if (claimed === undefined || next === undefined) return;
  tx.set(claimed, formatHold(hold), { nx: true, ex: ttl.hold });
  tx.copy(claimed, shown, { replace: true }).copy(next, shown, { replace: true });
}

function memberOf({ watched, invocation }: Pick<WatchedSend, "watched" | "invocation">): string {
  return `${watched.line}.${invocation.id}`;
}

function pastWindows(now: number): readonly number[] {
  return Array.from({ length: PAST_WINDOWS }, (_, index) => windowOf(now) - 1 - index);
}

export function windowOf(now: number): number {
  return Math.floor(now / WINDOW_MS);
}
