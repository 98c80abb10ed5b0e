import type { SessionId } from "../ids.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { EndReason, SessionRef, SessionState, SessionStore, SessionUse } from "./session-port.ts";
import { readHash, readScores, wellFormed } from "./replies.ts";
import type { Pipeline, Transactions } from "./transaction.ts";
import { last, NOTHING, repeatOnce } from "./transaction.ts";
import { parseSession } from "./values.ts";

/** Generations of a refresh token whose first uses are forgotten by one command. */
const FORGOTTEN_AT_ONCE = 8;

/** What sessions take of the store, as transactions of Upstash's REST API. */
export function createSessionStore({ transact }: Transactions): SessionStore {
  const repeatable = repeatOnce(transact);

  return {
    async useSession(use) {
      const session = keys.session(use);
      const { hash } = await repeatable((tx) => {
        // Only what exists: a session that has ended is not listed again.
        tx.zadd(keys.sessions(use.subject), { xx: true }, { score: use.now, member: use.sid });
        if (use.generation !== null) claimUse(tx, session, { generation: use.generation, now: use.now });
        tx.hgetall(session);
        const read = last(tx);
        slide(tx, session, use);
        return { hash: read };
      });
      return readSession(hash);
    },

    async attachProfile(ref, sealedProfile) {
      const session = keys.session(ref);
      const { hash } = await repeatable((tx) => {
        tx.hsetnx(session, fields.profile, sealedProfile).hgetall(session);
        const read = last(tx);
        tx.expire(session, ttl.ended, "NX");
        return { hash: read };
      });
      return readSession(hash);
    },

    async endSessions(subject, sids, reason) {
      if (sids.length === 0) return;
      await repeatable((tx) => {
        for (const sid of sids) endSession(tx, { subject, sid }, reason);
        return NOTHING;
      });
    },

    async listSessions(subject, since) {
      const key = keys.sessions(subject);
      const { index } = await repeatable((tx) => {
        tx.zremrangebyscore(key, "-inf", `(${since}`).zrange(key, 0, -1, { rev: true, withScores: true });
        return { index: last(tx) };
      });
      return readScores(index).map(([sid, lastUsedAt]) => ({ sid: sid as SessionId, lastUsedAt }));
    },

    async readSessions(subject, sids) {
      if (sids.length === 0) return [];
      const { hashes } = await repeatable((tx) => {
        // A write that changes nothing, so that no replica that lags answers what is read after it.
        tx.expire(keys.sessions(subject), ttl.ended, "NX");
        return { hashes: sids.map((sid) => last(tx.hgetall(keys.session({ subject, sid })))) };
      });
      return hashes.map(readSession);
    },
  };
}

/** The word that it has ended stays, and nothing else of it: nobody deletes what a late transaction could write anew. */
export function endSession(tx: Pipeline, ref: SessionRef, reason: EndReason): void {
  const session = keys.session(ref);
  tx.hsetnx(session, fields.ended, reason).hdel(session, fields.record, fields.profile);
  tx.expire(session, ttl.ended, "NX").expire(session, ttl.ended, "GT");
  tx.zrem(keys.sessions(ref.subject), ref.sid);
}

/**
 * Two generations back is older than any that may still be used, and the newer ones say so. They are forgotten a few at
 * once, each twice, should a transaction be lost.
 */
function claimUse(tx: Pipeline, session: string, { generation, now }: { generation: number; now: number }) {
  tx.hsetnx(session, fields.used(generation), now);
  if (generation === 0 || generation % FORGOTTEN_AT_ONCE > 0) return;
  const gone = Array.from({ length: 2 * FORGOTTEN_AT_ONCE }, (_, index) => generation - 2 - index);
  tx.hdel(session, ...gone.filter((one) => one >= 0).map(fields.used));
}

/** What is left of a session that has ended must outlive every request that is late. */
function slide(tx: Pipeline, session: string, { ttlSeconds, generation }: SessionUse): void {
  if (ttlSeconds === null) return;
  if (ttlSeconds >= ttl.ended) {
    tx.expire(session, ttlSeconds);
    return;
  }
  if (generation !== null) tx.expire(session, ttl.ended, "NX");
  tx.expire(session, ttlSeconds, "GT");
}

function readSession(hash: unknown): SessionState {
  return wellFormed(parseSession(readHash(hash)));
}
