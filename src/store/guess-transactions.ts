import type { GuessPlace, Subject } from "../ids.ts";
import { tagOf } from "../ids.ts";
import { count, keyBefore, readWindows, uncount } from "./counters.ts";
import { fields, keys, ttl } from "./keys.ts";
import type { ClaimedGuess, Guess, GuessStore, OpenedGuess } from "./guess-port.ts";
import { StoreUnavailable } from "./port.ts";
import { readCount, readHash, readLog, wellFormed } from "./replies.ts";
import { mostLogged, readEntries } from "./send-log.ts";
import type { Pipeline, StoreSizes, Transactions } from "./transaction.ts";
import { last, NOTHING, repeatOnce } from "./transaction.ts";
import { endSession } from "./session-transactions.ts";
import { formatLogged, parseCodeChain, parseSession } from "./values.ts";
import { watchGuess } from "./watch.ts";

/** The first sign-in is the first of these, and the last the last; more stand by in case that some are taken back. */
const KEPT_SIGN_INS = 10;
const MOST_SIGN_INS = 40;

/** What verifying takes of the store, as transactions of Upstash's REST API. */
export function createGuessStore({ transact }: Transactions, sizes: StoreSizes): GuessStore {
  const repeatable = repeatOnce(transact);

  return {
    async openGuess(counter, { subject, phoneId }): Promise<OpenedGuess> {
      const replies = await repeatable((tx) => ({
        current: count(tx, counter),
        previous: last(tx.get(keyBefore(counter))),
        chain: last(tx.hgetall(keys.otp(subject))),
        log: readEntries(tx, phoneId, sizes),
      }));
      return {
        count: readWindows(replies.current, replies.previous),
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
      const replies = await repeatable((tx) => {
        const claimed = guess.isRight ? claimCode(tx, guess, sizes) : claimWrongGuess(tx, guess, sizes);
        if (guess.watched !== null) watchGuess(tx, guess, guess.watched);
        const log = guess.place === null ? NOTHING : { log: readEntries(tx, guess.phoneId, sizes) };
        return { ...claimed, ...log, chain: last(tx.hgetall(keys.otp(guess.subject))) };
      });
      return {
        chain: wellFormed(parseCodeChain(readHash(replies.chain))),
        wrongGuesses: readCount(replies.wrongGuesses, guess.isRight ? 0 : 1),
        isNewGuess: "added" in replies && readCount(replies.added) === 1,
        ...readPlace(replies, guess, sizes),
        isFirstSignIn: guess.isRight && readCount(replies.rank) === 0,
        isCrowded: guess.isRight && readCount(replies.rank) >= MOST_SIGN_INS - 1,
        session: wellFormed(parseSession(readHash(replies.session))),
      };
    },

    async releaseGuess(guess, claims) {
      await repeatable((tx) => {
        if (claims.digest) tx.zrem(guessesOf(guess), guess.guessDigest);
        if (claims.place && guess.place !== null)
          tx.zrem(keys.log(guess.phoneId), entryOf(guess.subject, guess.place));
        return NOTHING;
      });
    },

    async releaseOvertaken(guess, claims) {
      const { subject, phoneId, place, now } = guess;
      if (place === null) return;
      const [log, member] = [keys.log(phoneId), entryOf(subject, place)];
      const { left } = await repeatable((tx) => {
        if (claims.digest) tx.zrem(guessesOf(guess), guess.guessDigest);
        return { left: last(tx.zcard(guessesOf(guess))) };
      });
      if (readCount(left) > 0) return;
      const { others } = await repeatable((tx) => {
        tx.zrem(log, member);
        return { others: last(tx.zcard(guessesOf(guess))) };
      });
      if (readCount(others) === 0) return;
      // Whoever was evaluated in between has found the place, and whoever comes after this finds it again.
      await repeatable((tx) => {
        tx.zadd(log, { nx: true }, { score: now, member }).expire(log, ttl.log, "NX");
        return NOTHING;
      });
    },

    async trimSignIns(subject) {
      await repeatable((tx) => {
        tx.zremrangebyrank(keys.user(subject), KEPT_SIGN_INS, -1 - KEPT_SIGN_INS);
        return NOTHING;
      });
    },

    async undoSignIn(ref, attempt) {
      await repeatable((tx) => {
        tx.zrem(keys.user(ref.subject), attempt);
        endSession(tx, ref, "refused");
        return NOTHING;
      });
    },
  };
}

/**
 * The code, a sign-in and a session. Whether the guess was in time to succeed is judged from the replies; until then
 * nobody has this session's tokens.
 */
function claimCode(
  tx: Pipeline,
  { subject, nonce, holder, attempt, now, session }: Guess,
  sizes: StoreSizes,
) {
  const [otp, user, index] = [keys.otp(subject), keys.user(subject), keys.sessions(subject)];
  const opened = keys.session({ subject, sid: session.sid });
  tx.hsetnx(otp, fields.won(nonce), attempt).expire(otp, ttl.code(sizes.codeLifetimeSeconds), "NX");
  const wrongGuesses = last(tx.zcard(keys.guesses(subject, nonce, holder)));
  tx.zadd(user, { nx: true }, { score: now, member: attempt });
  const rank = last(tx.zrank(user, attempt));
  tx.expire(user, ttl.user);
  tx.hsetnx(opened, fields.record, session.sealedRecord).expire(opened, session.ttlSeconds, "NX");
  // For as long as any of its sessions can live, so that no use of one has to see to it.
  tx.zadd(index, { nx: true }, { score: now, member: session.sid }).expire(index, session.lifetimeSeconds);
  return { wrongGuesses, rank, session: last(tx.hgetall(opened)) };
}

/**
 * One of its holder's guesses and, without a challenge id, a place in the day. For the rest as many commands as a right
 * one has, on the same keys, that change nothing: a stranger's wrong guess keeps nothing of anybody's alive.
 */
function claimWrongGuess(tx: Pipeline, guess: Guess, sizes: StoreSizes) {
  const { subject, phoneId, nonce, holder, attempt, now, session, place } = guess;
  const guesses = keys.guesses(subject, nonce, holder);
  const [user, index, log] = [keys.user(subject), keys.sessions(subject), keys.log(phoneId)];
  const unopened = keys.session({ subject, sid: session.sid });
  tx.zadd(guesses, { nx: true }, { score: now, member: guess.guessDigest });
  const added = last(tx);
  tx.expire(guesses, ttl.code(sizes.codeLifetimeSeconds), "NX");
  const wrongGuesses = last(tx.zcard(guesses));
  // What is trimmed is beyond the budget: a flood stays small.
  tx.zremrangebyrank(guesses, sizes.guessesPerChallenge + 1, -1);
  tx.zadd(user, { xx: true }, { score: now, member: attempt });
  const rank = last(tx.zrank(user, attempt));
  tx.hexists(unopened, fields.record).expire(unopened, session.ttlSeconds, "NX");
  if (place === null) tx.zadd(index, { xx: true }, { score: now, member: session.sid });
  else tx.zadd(log, { nx: true }, { score: now, member: entryOf(subject, place) });
  const placed = last(tx);
  if (place === null) tx.expire(index, session.lifetimeSeconds, "NX");
  else tx.expire(log, ttl.log, "NX");
  return { added, wrongGuesses, rank, placed, session: last(tx.hgetall(unopened)) };
}

function guessesOf({ subject, nonce, holder }: Guess): string {
  return keys.guesses(subject, nonce, holder);
}

function entryOf(subject: Subject, place: GuessPlace): string {
  return formatLogged({ of: tagOf(subject), member: place, asker: null });
}

function readPlace(
  replies: { readonly chain: unknown; readonly placed?: unknown; readonly log?: unknown },
  { place, isRight }: Guess,
  sizes: StoreSizes,
): Pick<ClaimedGuess, "log" | "isNewPlace"> {
  if (place === null) return { log: [], isNewPlace: false };
  const log = readLog(replies.log);
  const isThere = log.some(({ member }) => member === place);
  // A full log may hold claims that nobody sees: whoever is not among those that are seen has none.
  if (!isThere && (!isRight || log.length >= mostLogged(sizes))) throw new StoreUnavailable("malformed");
  return { log, isNewPlace: !isRight && readCount(replies.placed) === 1 };
}
