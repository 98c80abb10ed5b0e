import { count, readWindows, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { ClaimedGuess, Guess, GuessStore, OpenedGuess } from "./port.ts";
import { readCount, readHash, readLog, wellFormed } from "./replies.ts";
import type { Pipeline, StoreSizes, Transactions } from "./transaction.ts";
import { last, NOTHING, repeatOnce } from "./transaction.ts";
import { endSession } from "./session-transactions.ts";
import { parseCodeChain, parseSession } from "./values.ts";

/** The first sign-in is the first of these; a few more stand by in case that one is taken back. */
const KEPT_FIRSTS = 20;

/** What verifying takes of the store, as transactions of Upstash's REST API. */
export function createGuessStore({ transact }: Transactions, sizes: StoreSizes): GuessStore {
  const repeatable = repeatOnce(transact);
  const codeTtl = ttl.code(sizes.codeLifetimeSeconds);

  return {
    async openGuess(counter, subject): Promise<OpenedGuess> {
      const replies = await repeatable((tx) => {
        const windows = count(tx, counter);
        tx.hgetall(keys.otp(subject));
        const chain = last(tx);
        tx.zrange(keys.log(subject), 0, -1, { withScores: true });
        return { ...windows, chain, log: last(tx) };
      });
      return {
        count: readWindows(replies),
        chain: wellFormed(parseCodeChain(readHash(replies.chain))),
        log: readLog(replies.log),
      };
    },

    async refundGuess(counter) {
      await transact((tx) => {
        uncount(tx, keys.count(counter), ttl.count);
        return NOTHING;
      });
    },

    async claimGuess(guess): Promise<ClaimedGuess> {
      const otp = keys.otp(guess.subject);
      const replies = await repeatable((tx) => {
        // The claims of a right guess, or as many commands for a wrong one, of which only the first changes anything.
        if (guess.isRight) tx.hsetnx(otp, fields.won(guess.nonce), guess.attempt);
        else tx.zadd(guessesOf(guess), { nx: true }, { score: guess.now, member: guess.guessDigest });
        const places = { ...markSignIn(tx, guess), ...openSession(tx, guess), ...countGuesses(tx, guess) };
        tx.hgetall(otp);
        const chain = last(tx);
        tx.expire(otp, codeTtl, "NX");
        return { ...places, chain };
      });
      return {
        chain: wellFormed(parseCodeChain(readHash(replies.chain))),
        wrongGuesses: readCount(replies.wrongGuesses, guess.isRight ? 0 : 1),
        isFirstSignIn: guess.isRight && readCount(replies.rank) === 0,
        session: wellFormed(parseSession(readHash(replies.session))),
      };
    },

    async undoSignIn(ref, attempt) {
      await repeatable((tx) => {
        tx.zrem(keys.user(ref.subject), attempt);
        endSession(tx, ref, "refused");
        return NOTHING;
      });
    },
  };

  /** What is trimmed is beyond the budget: a flood stays small. */
  function countGuesses(tx: Pipeline, guess: Guess) {
    const guesses = guessesOf(guess);
    tx.zcard(guesses);
    const wrongGuesses = last(tx);
    tx.zremrangebyrank(guesses, sizes.guessesPerChallenge + 1, -1).expire(guesses, codeTtl, "NX");
    return { wrongGuesses };
  }
}

function guessesOf({ subject, nonce, holder }: Guess): string {
  return keys.guesses(subject, nonce, holder);
}

function markSignIn(tx: Pipeline, { subject, attempt, isRight, now }: Guess) {
  const user = keys.user(subject);
  const member = { score: now, member: attempt };
  if (isRight) tx.zadd(user, { nx: true }, member);
  else tx.zadd(user, { xx: true }, member);
  tx.zrank(user, attempt);
  const rank = last(tx);
  tx.zremrangebyrank(user, KEPT_FIRSTS, -1);
  // A stranger's wrong guess must not keep anybody's mark alive.
  if (isRight) tx.expire(user, ttl.user);
  else tx.ttl(user);
  return { rank };
}

/** Whether the guess was in time to succeed is judged from the replies; until then nobody has this session's tokens. */
function openSession(tx: Pipeline, { subject, session, isRight, now }: Guess) {
  const { sid, sealedRecord, ttlSeconds } = session;
  const key = keys.session({ subject, sid });
  const index = keys.sessions(subject);
  const member = { score: now, member: sid };
  if (isRight) tx.hsetnx(key, fields.record, sealedRecord).zadd(index, { nx: true }, member);
  else tx.hexists(key, sealedRecord).zadd(index, { xx: true }, member);
  tx.hgetall(key);
  const read = last(tx);
  tx.expire(key, ttlSeconds, "NX").expire(index, ttlSeconds);
  return { session: read };
}
