import { count, readWindows, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { Budget, OpenSend, SendStore, WithdrawnSend } from "./port.ts";
import { StoreUnavailable } from "./port.ts";
import { REPLACED } from "../otp/chain.ts";
import { readCount, readHash, readLog, wellFormed } from "./replies.ts";
import type { Pipeline, StoreSizes, Transactions } from "./transaction.ts";
import { last, NOTHING, repeatOnce } from "./transaction.ts";
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
      const replies = await repeatable((tx) => ({
        ...logSend(tx, send, sizes.sendsPerDay + LOG_SLACK),
        ...count(tx, send.counter),
        budgets: send.budgets.map((budget) => countBudget(tx, budget)),
        ...claimFirstCode(tx, send, codeTtl),
        ...(send.isKeyed ? claimRun(tx, send, sentTtl) : NOTHING),
      }));
      const chain = wellFormed(parseCodeChain(readHash(replies.chain)));
      const runs = "runs" in replies ? wellFormed(parseRuns(readHash(replies.runs))) : [];
      // A store that forgets what the same transaction wrote must not decide anything.
      if (chain.codes.length === 0 || (send.isKeyed && runs.length === 0))
        throw new StoreUnavailable("malformed");
      return {
        log: readLog(replies.log),
        count: readWindows(replies),
        budgetCounts: replies.budgets.map((reply) => readCount(reply, 1)),
        chain,
        runs,
      };
    },

    async replaceCode(subject, replaced, by) {
      const otp = keys.otp(subject);
      const { chain } = await repeatable((tx) => {
        tx.hsetnx(otp, fields.won(replaced), REPLACED);
        tx.hsetnx(otp, fields.next(replaced), formatIssuedCode(by));
        tx.hgetall(otp);
        const read = last(tx);
        tx.expire(otp, codeTtl);
        return { chain: read };
      });
      return wellFormed(parseCodeChain(readHash(chain)));
    },

    async takeOverSend({ subject, sendId, invocation }, from) {
      const sent = keys.sent(subject, sendId);
      const { runs } = await repeatable((tx) => {
        tx.hsetnx(sent, fields.runAfter(from.id), formatInvocation(invocation)).hgetall(sent);
        const read = last(tx);
        tx.expire(sent, sentTtl);
        return { runs: read };
      });
      return wellFormed(parseRuns(readHash(runs)));
    },

    async closeSend({ subject, sendId, invocation }, outcome) {
      const sent = keys.sent(subject, sendId);
      await repeatable((tx) => {
        tx.hsetnx(sent, fields.end(invocation.id), formatOutcome(outcome)).expire(sent, sentTtl, "NX");
        return NOTHING;
      });
    },

    async withdrawSend(send) {
      await transactBriefly((tx) => withdraw(tx, send, sentTtl));
    },

    async sweepLog(subject, stale) {
      const [first, ...rest] = stale;
      if (first === undefined) return;
      await repeatable((tx) => {
        tx.zrem(keys.log(subject), first, ...rest);
        return NOTHING;
      });
    },

    async refundSend(send) {
      await transact((tx) => {
        uncount(tx, keys.count(send.counter), ttl.count);
        for (const budget of send.budgets) uncount(tx, keys.budget(budget), ttl.budget);
        return withdraw(tx, send, sentTtl);
      });
    },
  };
}

/** Exact sliding windows need every send of a day, oldest first; what comes last is what a full log drops. */
function logSend(tx: Pipeline, { subject, invocation, now }: OpenSend, most: number) {
  const log = keys.log(subject);
  tx.zremrangebyscore(log, "-inf", now - DAY_MS);
  tx.zadd(log, { nx: true }, { score: now, member: invocation.id });
  tx.zremrangebyrank(log, most, -1);
  tx.zrange(log, 0, -1, { withScores: true });
  const read = last(tx);
  tx.expire(log, ttl.log);
  return { log: read };
}

function countBudget(tx: Pipeline, budget: Budget): number {
  tx.incr(keys.budget(budget));
  const counted = last(tx);
  tx.expire(keys.budget(budget), ttl.budget);
  return counted;
}

function claimFirstCode(tx: Pipeline, send: OpenSend, codeTtl: number) {
  const otp = keys.otp(send.subject);
  tx.hsetnx(otp, fields.seed, formatIssuedCode(send.firstCode));
  tx.hsetnx(otp, fields.from(send.invocation.id), send.address);
  tx.hgetall(otp);
  const read = last(tx);
  tx.expire(otp, codeTtl);
  return { chain: read };
}

function claimRun(tx: Pipeline, { subject, sendId, invocation }: OpenSend, sentTtl: number) {
  const sent = keys.sent(subject, sendId);
  tx.hsetnx(sent, fields.run, formatInvocation(invocation)).hgetall(sent);
  const read = last(tx);
  tx.expire(sent, sentTtl, "NX");
  return { runs: read };
}

function withdraw(tx: Pipeline, send: WithdrawnSend, sentTtl: number): typeof NOTHING {
  const { subject, sendId, invocation, ran } = send;
  tx.zrem(keys.log(subject), invocation.id);
  tx.hdel(keys.otp(subject), fields.from(invocation.id));
  if (!ran) return NOTHING;
  const sent = keys.sent(subject, sendId);
  tx.hsetnx(sent, fields.end(invocation.id), formatOutcome({ kind: "failed" })).expire(sent, sentTtl, "NX");
  return NOTHING;
}
