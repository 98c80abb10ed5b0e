import { count, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { ClaimedGuess, Guess, GuessStore, OpenedGuess } from "./port.ts";
import {
  readCount,
  readCounterText,
  readHash,
  readIncremented,
  readLog,
  readOptionalText,
  wellFormed,
} from "./replies.ts";
import type { Pipeline } from "./transaction.ts";
import { repeatOnce } from "./transaction.ts";
import type { StoreSizes, Transactions } from "./upstash.ts";
import { parseCodeChain } from "./values.ts";

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
  };
}

function claimRight(tx: Pipeline, { subject, nonce, attempt }: Guess): void {
  tx.hsetnx(keys.otp(subject), fields.won(nonce), attempt);
  tx.set(keys.user(subject), attempt, { nx: true, get: true, ex: ttl.user });
}
