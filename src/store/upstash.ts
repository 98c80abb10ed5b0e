import { fields, keys, ttl } from "./keys.ts";
import type { ClaimedGuess, Guess, OpenedGuess, OpenedSend, OpenSend, Store, WithdrawnSend } from "./port.ts";
import { StoreUnavailable } from "./port.ts";
import {
  readCount,
  readCounterText,
  readHash,
  readIncremented,
  readLog,
  readOptionalText,
  wellFormed,
} from "./replies.ts";
import type { Pipeline, Transact } from "./transaction.ts";
import { repeatOnce } from "./transaction.ts";
import { formatInvocation, formatIssuedCode, formatOutcome, parseCodeChain, parseRuns } from "./values.ts";

export interface StoreSizes {
  readonly codeLifetimeSeconds: number;
  readonly guessesPerChallenge: number;
  readonly sendsPerDay: number;
}

/** Refused sends stand in the log until they are withdrawn, so it holds some more than a day may allow. */
const LOG_SLACK = 50;
const DAY_MS = 86_400_000;

/** The store as transactions of Upstash's REST API. `transact` sends a transaction once. */
export function createUpstashStore(transact: Transact, sizes: StoreSizes): Store {
  const repeatable = repeatOnce(transact);
  const codeTtl = ttl.code(sizes.codeLifetimeSeconds);
  const sentTtl = ttl.sent(sizes.codeLifetimeSeconds);

  return {
    async openSend(send) {
      const replies = await repeatable((tx) => {
        const log = keys.log(send.subject);
        tx.zremrangebyscore(log, "-inf", send.now - DAY_MS);
        tx.zadd(log, { nx: true }, { score: send.now, member: send.sendId });
        tx.zremrangebyrank(log, sizes.sendsPerDay + LOG_SLACK, -1);
        tx.zrange(log, 0, -1, { withScores: true });
        tx.expire(log, ttl.log);
        count(tx, send.counter);
        for (const budget of send.budgets)
          tx.incr(keys.budget(budget)).expire(keys.budget(budget), ttl.budget);
        const otp = keys.otp(send.subject);
        tx.hsetnx(otp, fields.seed, formatIssuedCode(send.firstCode));
        tx.hsetnx(otp, fields.from(send.sendId), send.address);
        tx.hgetall(otp);
        tx.expire(otp, codeTtl);
        if (!send.isKeyed) return;
        const sent = keys.sent(send.subject, send.sendId);
        tx.hsetnx(sent, fields.run, formatInvocation(send.invocation))
          .hgetall(sent)
          .expire(sent, sentTtl, "NX");
      });
      return readOpenedSend(send, replies);
    },

    async replaceCode(subject, replaced, by) {
      const otp = keys.otp(subject);
      const [, hash] = await repeatable((tx) =>
        tx.hsetnx(otp, fields.next(replaced), formatIssuedCode(by)).hgetall(otp).expire(otp, codeTtl),
      );
      return wellFormed(parseCodeChain(readHash(hash)));
    },

    async takeOverSend({ subject, sendId, invocation }, from) {
      const sent = keys.sent(subject, sendId);
      const [, hash] = await repeatable((tx) =>
        tx
          .hsetnx(sent, fields.runAfter(from.id), formatInvocation(invocation))
          .hgetall(sent)
          .expire(sent, sentTtl),
      );
      return wellFormed(parseRuns(readHash(hash)));
    },

    async closeSend({ subject, sendId, invocation }, outcome) {
      const sent = keys.sent(subject, sendId);
      await repeatable((tx) =>
        tx.hsetnx(sent, fields.end(invocation.id), formatOutcome(outcome)).expire(sent, sentTtl, "NX"),
      );
    },

    async withdrawSend(send) {
      await repeatable((tx) => withdraw(tx, send, sentTtl));
    },

    async refundSend(send) {
      await transact((tx) => {
        withdraw(tx, send, sentTtl);
        uncountSend(tx, send);
      });
    },

    async refundCounts(counted) {
      await transact((tx) => uncountSend(tx, counted));
    },

    async openGuess(counter, subject): Promise<OpenedGuess> {
      const replies = await repeatable((tx) => {
        count(tx, counter);
        tx.hgetall(keys.otp(subject)).zrange(keys.log(subject), 0, -1, { withScores: true });
      });
      const [current, previous, , hash, log] = replies;
      return {
        count: { current: readIncremented(current), previous: readCounterText(previous) },
        chain: wellFormed(parseCodeChain(readHash(hash))),
        log: readLog(log),
      };
    },

    async refundGuess(counter) {
      await transact((tx) => uncount(tx, keys.count(counter), ttl.count));
    },

    async claimGuess(guess): Promise<ClaimedGuess> {
      const otp = keys.otp(guess.subject);
      const user = keys.user(guess.subject);
      const guesses = keys.guesses(guess.subject, guess.nonce, guess.holder);
      const replies = await repeatable((tx) => {
        if (guess.isRight) claimRight(tx, guess);
        else tx.zadd(guesses, { nx: true }, { score: guess.now, member: guess.guessDigest }).get(user);
        tx.expire(user, ttl.user);
        tx.zcard(guesses);
        tx.zremrangebyrank(guesses, sizes.guessesPerChallenge + 1, -1);
        tx.expire(guesses, codeTtl, "NX");
        tx.hgetall(otp);
        tx.expire(otp, codeTtl, "NX");
      });
      const [, signedInBy, , wrongGuesses, , , hash] = replies;
      return {
        chain: wellFormed(parseCodeChain(readHash(hash))),
        wrongGuesses: readCount(wrongGuesses, guess.isRight ? 0 : 1),
        signedInBy: readOptionalText(signedInBy),
      };
    },

    async forgetSignIn(subject) {
      await repeatable((tx) => tx.del(keys.user(subject)));
    },

    async probe() {
      const written = "1";
      const [, read] = await transact((tx) => tx.set(keys.ready, written, { ex: ttl.ready }).get(keys.ready));
      if (read !== written) throw new StoreUnavailable("malformed");
    },
  };
}

function readOpenedSend(send: OpenSend, replies: readonly unknown[]): OpenedSend {
  const [, , , log, , current, previous, , ...rest] = replies;
  const budgetCounts = send.budgets.map((_, index) => readIncremented(rest[2 * index]));
  const [, , hash, , , runs] = rest.slice(2 * send.budgets.length);
  const chain = wellFormed(parseCodeChain(readHash(hash)));
  const sendRuns = send.isKeyed ? wellFormed(parseRuns(readHash(runs))) : [];
  // A store that forgets what the same transaction wrote must not decide anything.
  if (chain.codes.length === 0 || (send.isKeyed && sendRuns.length === 0))
    throw new StoreUnavailable("malformed");
  return {
    log: readLog(log),
    count: { current: readIncremented(current), previous: readCounterText(previous) },
    budgetCounts,
    chain,
    runs: sendRuns,
  };
}

function claimRight(tx: Pipeline, { subject, nonce, attempt }: Guess): void {
  tx.hsetnx(keys.otp(subject), fields.won(nonce), attempt);
  tx.set(keys.user(subject), attempt, { nx: true, get: true, ex: ttl.user });
}

function withdraw(tx: Pipeline, send: WithdrawnSend, sentTtl: number): void {
  tx.zrem(keys.log(send.subject), send.sendId);
  tx.hdel(keys.otp(send.subject), fields.from(send.sendId));
  if (!send.isKeyed) return;
  const sent = keys.sent(send.subject, send.sendId);
  tx.hsetnx(sent, fields.end(send.invocation.id), formatOutcome({ kind: "failed" })).expire(
    sent,
    sentTtl,
    "NX",
  );
}

function count(tx: Pipeline, counter: OpenSend["counter"]): void {
  tx.incr(keys.count(counter));
  tx.get(keys.count({ ...counter, window: counter.window - 1 }));
  tx.expire(keys.count(counter), ttl.count);
}

function uncountSend(tx: Pipeline, { counter, budgets }: Pick<OpenSend, "counter" | "budgets">): void {
  uncount(tx, keys.count(counter), ttl.count);
  for (const budget of budgets) uncount(tx, keys.budget(budget), ttl.budget);
}

/** With a TTL, since a late refund would otherwise leave a key for ever. */
function uncount(tx: Pipeline, key: string, seconds: number): void {
  tx.decr(key).expire(key, seconds, "NX");
}
