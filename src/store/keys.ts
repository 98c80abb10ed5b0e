import type { Holder, InvocationId, SendId, Subject } from "../ids.ts";
import type { Nonce } from "../otp/codes.ts";
import type { Budget, Counter, SessionRef } from "./port.ts";

/**
 * Every key, field and TTL of the store on one page; their values are in values.ts. No key or value holds a phone
 * number, a code, or anything from which one can be found without the secrets.
 *
 * | key                        | type       | TTL                | holds                                             |
 * | -------------------------- | ---------- | ------------------ | ------------------------------------------------- |
 * | `otp:<S>`                  | hash       | 2 × code lifetime  | the chain of codes, their winners, who asked      |
 * | `guess:<S>:<N'>:<H>`       | sorted set | 2 × code lifetime  | digests of a holder's wrong guesses, by time      |
 * | `log:<S>`                  | sorted set | a day              | executions of sends by time                       |
 * | `sent:<S>:<send id>`       | hash       | code lifetime      | the runs of one `Idempotency-Key`                 |
 * | `ip:<purpose>:<I>:<hour>`  | counter    | 2 hours            | requests of an address in an hour                 |
 * | `day:<date>:<scope>`       | counter    | 2 days             | SMS of a day, in all or to a country              |
 * | `user:<S>`                 | sorted set | 400 days, sliding  | the first attempts that were right, by time       |
 * | `session:<S>:<sid>`        | hash       | refresh token's    | a session: sealed record and profile, uses, end   |
 * | `sessions:<S>`             | sorted set | refresh token's    | session ids by last use                           |
 * | `ready`                    | string     | a minute           | written by `GET /ready`                           |
 */
export const keys = {
  otp: (subject: Subject) => `otp:${subject}`,
  guesses: (subject: Subject, nonce: Nonce, holder: Holder) =>
    `guess:${subject}:${shortNonce(nonce)}:${holder}`,
  log: (subject: Subject) => `log:${subject}`,
  sent: (subject: Subject, sendId: SendId) => `sent:${subject}:${sendId}`,
  count: ({ purpose, address, window }: Counter) => `ip:${purpose}:${address}:${window}`,
  budget: ({ date, scope }: Budget) => `day:${date}:${scope}`,
  user: (subject: Subject) => `user:${subject}`,
  session: ({ subject, sid }: SessionRef) => `session:${subject}:${sid}`,
  sessions: (subject: Subject) => `sessions:${subject}`,
  ready: "ready",
} as const;

export const fields = {
  /** In `otp:<S>`. */
  seed: "seed",
  next: (replaced: Nonce) => `next:${shortNonce(replaced)}`,
  won: (nonce: Nonce) => `won:${shortNonce(nonce)}`,
  from: (invocation: InvocationId) => `from:${invocation}`,
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

/** Seconds. */
export const ttl = {
  code: (lifetimeSeconds: number) => 2 * lifetimeSeconds,
  sent: (lifetimeSeconds: number) => lifetimeSeconds,
  log: 86_400,
  count: 7200,
  budget: 172_800,
  user: 34_560_000,
  /** The word that a session has ended, where nothing else of it was left: longer than any request is late. */
  ended: 172_800,
  ready: 60,
} as const;

function shortNonce(nonce: Nonce): string {
  return nonce.slice(0, 8);
}
