import { count, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { ClaimedGuess, Guess, GuessStore, OpenedGuess } from "./port.ts";
import { readCount, readCounterText, readHash, readLog, wellFormed } from "./replies.ts";
import type { Pipeline } from "./transaction.ts";
import { repeatOnce } from "./transaction.ts";
import type { StoreSizes, Transactions } from "./transaction.ts";
import { parseCodeChain, parseSession } from "./values.ts";

/** The first sign-in is the first of these; a few more stand by in case that one is taken back. */
const KEPT_FIRSTS = 3;

/** What verifying takes of the store, as transactions of Upstash's REST API. */
export function createGuessStore({ transact }: Transactions, sizes: StoreSizes): GuessStore {
  const repeatable = repeatOnce(transact);
  const codeTtl = ttl.code(sizes.codeLifetimeSeconds);

  return {
    async openGuess(counter, subject): Promise<OpenedGuess> {
      const replies = await repeatable((tx) => {
        count(tx, counter);
        tx.hgetall(keys.otp(subject)).zrange(keys.log(subject), 0, -1, { withScores: true });
      });
      const [current, previous, , hash, log] = replies;
      return {
        count: { current: readCount(current, 1), previous: readCounterText(previous) },
        chain: wellFormed(parseCodeChain(readHash(hash))),
        log: readLog(log),
      };
    },

    async refundGuess(counter) {
      await transact((tx) => uncount(tx, keys.count(counter), ttl.count));
    },

    async claimGuess(guess): Promise<ClaimedGuess> {
      const otp = keys.otp(guess.subject);
      const guesses = keys.guesses(guess.subject, guess.nonce, guess.holder);
      const replies = await repeatable((tx) => {
        if (guess.isRight) claimCode(tx, guess);
        else claimWrongGuess(tx, guess);
        const user = keys.user(guess.subject);
        tx.zremrangebyrank(user, KEPT_FIRSTS, -1).expire(user, ttl.user);
        tx.zcard(guesses);
        tx.zremrangebyrank(guesses, sizes.guessesPerChallenge + 1, -1);
        tx.expire(guesses, codeTtl, "NX");
        tx.hgetall(otp);
        tx.expire(otp, codeTtl, "NX");
      });
      const [, added, rank, , session, , , , , , , wrongGuesses, , , hash] = replies;
      return {
        chain: wellFormed(parseCodeChain(readHash(hash))),
        wrongGuesses: readCount(wrongGuesses, guess.isRight ? 0 : 1),
        isFirstSignIn: guess.isRight && readCount(rank) === 0,
        isFirstExecution: guess.isRight && readCount(added) === 1,
        session: wellFormed(parseSession(readHash(session))),
      };
    },

    async undoSignIn(ref, attempt) {
      await repeatable((tx) => {
        tx.zrem(keys.user(ref.subject), attempt);
        tx.del(keys.session(ref)).zrem(keys.sessions(ref.subject), ref.sid);
      });
    },
  };
}

/** Whether the guess was in time to succeed is judged from the replies; until then nobody has this session's tokens. */
function claimCode(tx: Pipeline, { subject, nonce, attempt, session, now }: Guess): void {
  const user = keys.user(subject);
  const key = keys.session({ subject, sid: session.sid });
  const index = keys.sessions(subject);
  tx.hsetnx(keys.otp(subject), fields.won(nonce), attempt);
  tx.zadd(user, { nx: true }, { score: now, member: attempt }).zrank(user, attempt);
  tx.hsetnx(key, fields.record, session.sealedRecord).hgetall(key).expire(key, session.ttlSeconds);
  tx.zadd(index, { nx: true }, { score: now, member: session.sid });
  tx.expire(index, session.ttlSeconds, "NX").expire(index, session.ttlSeconds, "GT");
}

/** As many commands on the same keys, of which only the first changes anything. */
function claimWrongGuess(tx: Pipeline, guess: Guess): void {
  const { subject, nonce, holder, attempt, guessDigest, session, now } = guess;
  const user = keys.user(subject);
  const key = keys.session({ subject, sid: session.sid });
  const index = keys.sessions(subject);
  tx.zadd(keys.guesses(subject, nonce, holder), { nx: true }, { score: now, member: guessDigest });
  tx.zadd(user, { xx: true }, { score: now, member: attempt }).zrank(user, attempt);
  tx.hexists(key, session.sealedRecord).hgetall(key).expire(key, session.ttlSeconds, "XX");
  tx.zadd(index, { xx: true }, { score: now, member: session.sid });
  tx.expire(index, session.ttlSeconds, "NX").expire(index, session.ttlSeconds, "GT");
}
