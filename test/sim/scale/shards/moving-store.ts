import type { IssuedCode } from "../../../../src/store/code-chain.ts";
import type { InvocationId } from "../../../../src/ids.ts";
import { liveCode } from "../../../../src/otp/chain.ts";
import { ttl } from "../../../../src/store/keys.ts";
import type { Store } from "../../../../src/store/port.ts";
import { movingSessions } from "./moving-sessions.ts";
import type { OldHome } from "./old-home.ts";
import { join, unite } from "./old-home.ts";

export interface Move {
  /** When the number moves, with all its subjects, in milliseconds since 1970: long after every location has heard of it. */
  readonly at: number;
  readonly from: Store;
  readonly to: Store;
  readonly old: OldHome;
  /** The clock of this location. */
  readonly now: () => number;
}

/** How far the clocks of two locations may lie apart. A code of one that is ahead must not be claimed where it is not. */
const CLOCK_SKEW_MS = 10_000;

/**
 * The store of a number that moves from one database to another, for a location that knows when. A code lives where it
 * was issued, for ever: at the old home if that was before the move. The step from the last code there to the first one
 * at the new home is a claim in the old chain, so that all agree on it and the old one can no longer win. For as long as
 * the log of sends lives a send stands in both logs, the old one first, and is judged by both.
 */
export function createMovingStore(move: Move): Store {
  const { at, from, to, old } = move;
  const hasMoved = () => move.now() >= at - CLOCK_SKEW_MS;
  const isMoving = () => hasMoved() && move.now() < at + ttl.log * 1000;
  const home = () => (hasMoved() ? to : from);
  const openedAtNew = new Set<InvocationId>();
  const isOld = ({ issuedAt }: IssuedCode) => issuedAt < at;
  const both = async (work: (store: Store) => Promise<void>): Promise<void> => {
    if (!hasMoved()) return work(from);
    await Promise.all([work(from), work(to)]);
  };

  return {
    async openSend(send) {
      if (!isMoving()) return home().openSend(send);
      const before = await from.openSend(send);
      const live = liveCode(before.chain);
      if (live === null || isOld(live)) return before;
      openedAtNew.add(send.invocation.id);
      const opened = await to.openSend({ ...send, firstCode: live });
      return { ...opened, log: unite(before.log, opened.log), runs: before.runs };
    },
    async replaceCode(subject, replaced, by) {
      if (!isMoving()) return home().replaceCode(subject, replaced, by);
      const { chain } = await old.read(subject, null);
      if (!chain.codes.some((code) => code.nonce === replaced && isOld(code)))
        return to.replaceCode(subject, replaced, by);
      const agreed = await from.replaceCode(subject, replaced, by);
      const live = liveCode(agreed);
      return live === null || isOld(live) ? agreed : old.seedNew(subject, live);
    },
    // While there are two chains to a subject, neither is shortened.
    forgetCodes: async (subject, chain, count) =>
      isMoving() ? undefined : home().forgetCodes(subject, chain, count),
    async takeOverSend(send, invocation) {
      if (!isMoving()) return home().takeOverSend(send, invocation);
      const runs = await from.takeOverSend(send, invocation);
      await to.takeOverSend(send, invocation);
      return runs;
    },
    closeSend: (send, outcome) => both((store) => store.closeSend(send, outcome)),
    withdrawSend: (send) => both((store) => store.withdrawSend(send)),
    sweepLog: (phoneId, stale) => both((store) => store.sweepLog(phoneId, stale)),
    trimPrefix: (watched) => both((store) => store.trimPrefix(watched)),
    startHold: (watched, by, hold) => both((store) => store.startHold(watched, by, hold)),
    // Counted back where it was counted.
    refundSend: (send) =>
      both((store) =>
        store === from || openedAtNew.has(send.invocation.id)
          ? store.refundSend(send)
          : store.withdrawSend(send),
      ),

    async openGuess(counter, of) {
      const opened = await home().openGuess(counter, of);
      if (!isMoving()) return opened;
      const before = await old.read(of.subject, of.phoneId);
      return {
        ...opened,
        chain: join(before.chain, opened.chain, isOld),
        log: unite(before.log, opened.log),
      };
    },
    refundGuess: (counter, of) => home().refundGuess(counter, of),
    async claimGuess(guess) {
      if (!isMoving()) return home().claimGuess(guess);
      const before = await old.read(guess.subject, guess.phoneId);
      if (before.chain.codes.some((code) => code.nonce === guess.nonce && isOld(code)))
        return from.claimGuess(guess);
      const claimed = await to.claimGuess(guess);
      return {
        ...claimed,
        log: guess.place === null ? [] : unite(before.log, claimed.log),
        isFirstSignIn: claimed.isFirstSignIn && !before.hasSignedIn,
      };
    },
    releaseGuess: (guess, claims) => both((store) => store.releaseGuess(guess, claims)),
    releaseOvertaken: (guess, claims) => both((store) => store.releaseOvertaken(guess, claims)),
    trimSignIns: (subject) => both((store) => store.trimSignIns(subject)),
    undoSignIn: (ref, attempt) => both((store) => store.undoSignIn(ref, attempt)),
    ...movingSessions({ from, to, both, hasMoved }),

    async probe() {
      await Promise.all([from.probe(), to.probe()]);
    },
  };
}
