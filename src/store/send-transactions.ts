import { REPLACED } from "./code-chain.ts";
import { count, countBudgets, keyBefore, readWindows, uncount, uncountBudgets } from "./counters.ts";
import { readEvidence } from "./evidence.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { Watched } from "./guard-port.ts";
import type { OpenSend, SendStore, WithdrawnSend } from "./send-port.ts";
import { StoreUnavailable } from "./port.ts";
import { readCount, readHash, readLog, readTexts, wellFormed } from "./replies.ts";
import { logSend, unlogAll, unlogSend } from "./send-log.ts";
import type { Pipeline, StoreSizes, Transactions } from "./transaction.ts";
import { last, NOTHING, repeatOnce } from "./transaction.ts";
import { formatInvocation, formatIssuedCode, formatOutcome, parseCodeChain, parseRuns } from "./values.ts";
import { claimHold, trimPrefix, uncountSend, unwatchSend, watchedKeys, watchSend } from "./watch.ts";

/** What sending takes of the store, as transactions of Upstash's REST API. */
export function createSendStore({ transact, transactBriefly }: Transactions, sizes: StoreSizes): SendStore {
  const repeatable = repeatOnce(transact);
  const codeTtl = ttl.code(sizes.codeLifetimeSeconds);
  const sentTtl = ttl.sent(sizes.codeLifetimeSeconds);

  return {
    async openSend(send) {
      const texts = [keyBefore(send.counter), ...(isWatched(send) ? watchedKeys(send) : [])];
      const replies = await repeatable((tx) => ({
        ...logSend(tx, send, sizes),
        current: count(tx, send.counter),
        budgets: countBudgets(tx, send.budgets),
        ...claimFirstCode(tx, send, codeTtl),
        ...(isWatched(send) ? watchSend(tx, send) : NOTHING),
        // All texts by one command, which is billed as one.
        texts: last(tx.mget(texts)),
        ...(send.isKeyed ? claimRun(tx, send, sentTtl) : NOTHING),
      }));
      const chain = wellFormed(parseCodeChain(readHash(replies.chain)));
      const runs = "runs" in replies ? wellFormed(parseRuns(readHash(replies.runs))) : [];
      // A store that forgets what the same transaction wrote must not decide anything.
      if (chain.codes.length === 0 || (send.isKeyed && runs.length === 0))
        throw new StoreUnavailable("malformed");
      const [previous, ...watched] = readTexts(replies.texts, texts.length);
      return {
        log: readLog(replies.log),
        count: readWindows(replies.current, previous),
        budgetCounts: replies.budgets.map((reply) => readCount(reply, 1)),
        chain,
        evidence: isWatched(send) ? readEvidence(replies, watched, send.now) : null,
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

    async forgetCodes(subject, { codes, forgotten }, number) {
      const first = codes[number];
      if (number === 0 || first === undefined) return;
      const otp = keys.otp(subject);
      const gone = codes.slice(0, number).flatMap(({ nonce }) => [fields.won(nonce), fields.next(nonce)]);
      await repeatable((tx) => {
        // The seed stays, so that no send finds its place free.
        tx.hsetnx(otp, fields.start(forgotten + number), formatIssuedCode(first));
        tx.hdel(otp, fields.start(forgotten), ...gone).expire(otp, codeTtl, "NX");
        return NOTHING;
      });
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

    async sweepLog(phoneId, stale) {
      if (stale.length === 0) return;
      await repeatable((tx) => {
        unlogAll(tx, phoneId, stale);
        return NOTHING;
      });
    },

    async trimPrefix(watched) {
      await repeatable((tx) => {
        trimPrefix(tx, watched);
        return NOTHING;
      });
    },

    async startHold(watched, by, hold) {
      await repeatable((tx) => {
        claimHold(tx, { watched, by }, hold);
        return NOTHING;
      });
    },

    async refundSend(send) {
      await transact((tx) => {
        if (send.counter !== null) uncount(tx, keys.count(send.counter), ttl.count);
        if (isWatched(send)) uncountSend(tx, send);
        uncountBudgets(tx, send.budgets);
        return withdraw(tx, send, sentTtl);
      });
    },
  };
}

function claimFirstCode(tx: Pipeline, send: OpenSend, codeTtl: number) {
  const otp = keys.otp(send.subject);
  tx.hsetnx(otp, fields.seed, formatIssuedCode(send.firstCode));
  tx.hgetall(otp);
  const read = last(tx);
  tx.expire(otp, codeTtl);
  return { chain: read };
}

function claimRun(tx: Pipeline, { subject, sendId, invocation }: OpenSend, sentTtl: number) {
  const sent = keys.sent(subject, sendId);
  tx.hsetnx(sent, fields.run, formatInvocation(invocation)).hgetall(sent);
  const read = last(tx);
  // From now on, whatever an earlier run has left: its ending must be found as long as the code that it sends lives.
  tx.expire(sent, sentTtl);
  return { runs: read };
}

function withdraw(tx: Pipeline, send: WithdrawnSend, sentTtl: number): typeof NOTHING {
  const { subject, sendId, invocation, ran } = send;
  unlogSend(tx, send);
  if (isWatched(send)) unwatchSend(tx, send);
  if (!ran) return NOTHING;
  const sent = keys.sent(subject, sendId);
  tx.hsetnx(sent, fields.end(invocation.id), formatOutcome({ kind: "failed" })).expire(sent, sentTtl, "NX");
  return NOTHING;
}

function isWatched<S extends { readonly watched: Watched | null }>(
  send: S,
): send is S & { watched: Watched } {
  return send.watched !== null;
}
