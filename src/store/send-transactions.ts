import { count, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { OpenedSend, OpenSend, SendStore, WithdrawnSend } from "./port.ts";
import { StoreUnavailable } from "./port.ts";
import { REPLACED } from "../otp/chain.ts";
import { readCount, readCounterText, readHash, readLog, wellFormed } from "./replies.ts";
import type { Pipeline } from "./transaction.ts";
import { repeatOnce } from "./transaction.ts";
import type { StoreSizes, Transactions } from "./transaction.ts";
import { formatInvocation, formatIssuedCode, formatOutcome, parseCodeChain, parseRuns } from "./values.ts";

/** Refused sends stand in the log until they are withdrawn, so it holds some more than a day may allow. */
const LOG_SLACK = 50;
const DAY_MS = 86_400_000;

/** What sending takes of the store, as transactions of Upstash's REST API. */
export function createSendStore({ transact, transactBriefly }: Transactions, sizes: StoreSizes): SendStore {
  const repeatable = repeatOnce(transact);
  const codeTtl = ttl.code(sizes.codeLifetimeSeconds);
  const sentTtl = ttl.sent(sizes.codeLifetimeSeconds);

  return {
    async openSend(send) {
      const replies = await repeatable((tx) => {
        const log = keys.log(send.subject);
        tx.zremrangebyscore(log, "-inf", send.now - DAY_MS);
        tx.zadd(log, { nx: true }, { score: send.now, member: send.invocation.id });
        tx.zremrangebyrank(log, sizes.sendsPerDay + LOG_SLACK, -1);
        tx.zrange(log, 0, -1, { withScores: true });
        tx.expire(log, ttl.log);
        count(tx, send.counter);
        for (const budget of send.budgets)
          tx.incr(keys.budget(budget)).expire(keys.budget(budget), ttl.budget);
        const otp = keys.otp(send.subject);
        tx.hsetnx(otp, fields.seed, formatIssuedCode(send.firstCode));
        tx.hsetnx(otp, fields.from(send.invocation.id), send.address);
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
      const [, , hash] = await repeatable((tx) =>
        tx
          .hsetnx(otp, fields.won(replaced), REPLACED)
          .hsetnx(otp, fields.next(replaced), formatIssuedCode(by))
          .hgetall(otp)
          .expire(otp, codeTtl),
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
      await transactBriefly((tx) => withdraw(tx, send, sentTtl));
    },

    async sweepLog(subject, stale) {
      const [first, ...rest] = stale;
      if (first === undefined) return;
      await repeatable((tx) => tx.zrem(keys.log(subject), first, ...rest));
    },

    async refundSend(send) {
      await transact((tx) => {
        withdraw(tx, send, sentTtl);
        uncountSend(tx, send);
      });
    },
  };
}

function readOpenedSend(send: OpenSend, replies: readonly unknown[]): OpenedSend {
  const [, , , log, , current, previous, , ...rest] = replies;
  const budgetCounts = send.budgets.map((_, index) => readCount(rest[2 * index], 1));
  const [, , hash, , , runs] = rest.slice(2 * send.budgets.length);
  const chain = wellFormed(parseCodeChain(readHash(hash)));
  const sendRuns = send.isKeyed ? wellFormed(parseRuns(readHash(runs))) : [];
  // A store that forgets what the same transaction wrote must not decide anything.
  if (chain.codes.length === 0 || (send.isKeyed && sendRuns.length === 0))
    throw new StoreUnavailable("malformed");
  return {
    log: readLog(log),
    count: { current: readCount(current, 1), previous: readCounterText(previous) },
    budgetCounts,
    chain,
    runs: sendRuns,
  };
}

function withdraw(tx: Pipeline, send: WithdrawnSend, sentTtl: number): void {
  const { subject, sendId, invocation } = send;
  tx.zrem(keys.log(subject), invocation.id);
  tx.hdel(keys.otp(subject), fields.from(invocation.id));
  if (!send.ran) return;
  const sent = keys.sent(subject, sendId);
  tx.hsetnx(sent, fields.end(invocation.id), formatOutcome({ kind: "failed" })).expire(sent, sentTtl, "NX");
}

function uncountSend(tx: Pipeline, { counter, budgets }: Pick<OpenSend, "counter" | "budgets">): void {
  uncount(tx, keys.count(counter), ttl.count);
  for (const budget of budgets) uncount(tx, keys.budget(budget), ttl.budget);
}
