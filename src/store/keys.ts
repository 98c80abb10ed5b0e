import type { Holder, InvocationId, Nonce, PhoneId, SendId, Subject } from "../ids.ts";
import { shortNonce } from "../ids.ts";
import type { Watched, WatchScope } from "./guard-port.ts";
import type { Counter } from "./send-port.ts";
import type { SessionRef } from "./session-port.ts";

/**
 * Every key, field and TTL of the store on one page; their values are in values.ts. No key or value holds a phone
 * number, a code, or anything from which one can be found without the secrets.
 *
 * | key                        | type       | TTL                | holds                                             |
 * | -------------------------- | ---------- | ------------------ | ------------------------------------------------- |
 * | `otp:<S>`                  | hash       | 2 × code lifetime  | the chain of codes and their winners              |
 * | `guess:<S>:<N'>:<H>`       | sorted set | 2 × code lifetime  | digests of a holder's wrong guesses, by time      |
 * | `log:<number>`             | sorted set | 25 hours           | sends in all roles, who asked, claims of guesses  |
 * | `sent:<S>:<send id>`       | hash       | code lifetime, 2 m | the runs of one `Idempotency-Key`                 |
 * | `ip:<purpose>:<I>:<hour>`  | counter    | 2 hours            | requests of an address in an hour                 |
 * | `day:<date>`               | hash       | 2 days             | SMS of a day: in all, to a country, of a role     |
 * | `pfx:<P>`                  | sorted set | a day              | sends to a prefix, and numbers that verified      |
 * | `cty:<country>:sent:<w>`   | counter    | 2 hours            | sends to a country in ten minutes                 |
 * | `cty:<country>:won:<w>`    | HyperLogLog| 2 hours            | codes verified in a country in ten minutes        |
 * | `hold:<P or country>`      | string     | a week             | the last hold of a prefix or a country            |
 * | `hold:<P or country>:<n>`  | string     | a week             | the `n`th hold in a row, as who came first has it |
 * | `net:<W>`                  | string     | 30 days            | a network from which somebody has verified        |
 * | `net:<W>:sent:<w>`         | counter    | 2 hours            | sends from it in ten minutes                      |
 * | `net:<W>:won:<w>`          | HyperLogLog| 2 hours            | codes verified from it in ten minutes             |
 * | `user:<S>`                 | sorted set | 400 days, sliding  | the first and last attempts that were right       |
 * | `session:<S>:<sid>`        | hash       | refresh token's    | a session: sealed record and profile, uses, end   |
 * | `sessions:<S>`             | sorted set | a session's most   | session ids by last use                           |
 * | `ready`                    | string     | a minute           | written by `GET /ready`                           |
 */
export const keys = {
  otp: (subject: Subject) => `otp:${subject}`,
  guesses: (subject: Subject, nonce: Nonce, holder: Holder) =>
    `guess:${subject}:${shortNonce(nonce)}:${holder}`,
  log: (phoneId: PhoneId) => `log:${phoneId}`,
  sent: (subject: Subject, sendId: SendId) => `sent:${subject}:${sendId}`,
  count: ({ purpose, address, window }: Counter) => `ip:${purpose}:${address}:${window}`,
  budgets: (date: string) => `day:${date}`,
  prefix: ({ prefix }: Watched) => `pfx:${prefix}`,
  countrySent: ({ country }: Watched, window: number) => `cty:${country}:sent:${window}`,
  countryWon: ({ country }: Watched, window: number) => `cty:${country}:won:${window}`,
  hold: ({ prefix, country }: Watched, by: WatchScope) => `hold:${by === "prefix" ? prefix : country}`,
  holdAt: (watched: Watched, by: WatchScope, level: number) => `${keys.hold(watched, by)}:${level}`,
  network: ({ network }: Watched) => `net:${network}`,
  networkSent: ({ network }: Watched, window: number) => `net:${network}:sent:${window}`,
  networkWon: ({ network }: Watched, window: number) => `net:${network}:won:${window}`,
  user: (subject: Subject) => `user:${subject}`,
  session: ({ subject, sid }: SessionRef) => `session:${subject}:${sid}`,
  sessions: (subject: Subject) => `sessions:${subject}`,
  ready: "ready",
} as const;

export const fields = {
  /** In `otp:<S>`. */
  seed: "seed",
  /** Where the chain begins once this many codes are forgotten; of several the last. */
  start: (forgotten: number) => `start:${forgotten}`,
  next: (replaced: Nonce) => `next:${shortNonce(replaced)}`,
  won: (nonce: Nonce) => `won:${shortNonce(nonce)}`,
  /** In `sent:<S>:<send id>`. */
  run: "run",
  runAfter: (invocation: InvocationId) => `after:${invocation}`,
  end: (invocation: InvocationId) => `end:${invocation}`,
  /** In `session:<S>:<sid>`. */
  record: "record",
  profile: "profile",
  ended: "ended",
  used: (generation: number) => `used:${generation}`,
} as const;

/** How the fields of each kind of hash begin; a hash with other fields alone is not one of ours. */
export const fieldsBegin = {
  otp: ["seed", "start:", "next:", "won:"],
  sent: ["run", "after:", "end:"],
  session: ["record", "profile", "ended", "used:"],
} as const;

/** Seconds. */
export const ttl = {
  code: (lifetimeSeconds: number) => 2 * lifetimeSeconds,
  /** And longer than a run takes, with time-outs as they come. */
  sent: (lifetimeSeconds: number) => Math.max(lifetimeSeconds, 120),
  /** A day, and the longest life of a code. */
  log: 90_000,
  count: 7200,
  budget: 172_800,
  watch: 86_400,
  window: 7200,
  hold: 604_800,
  known: 2_592_000,
  user: 34_560_000,
  /** The word that a session has ended, where nothing else of it was left: longer than any request is late. */
  ended: 172_800,
  ready: 60,
} as const;
