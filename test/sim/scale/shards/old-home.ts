import type { CodeChain, IssuedCode } from "../../../../src/store/code-chain.ts";
import type { PhoneId, Subject } from "../../../../src/ids.ts";
import { fields, keys, ttl } from "../../../../src/store/keys.ts";
import type { LoggedSend } from "../../../../src/store/send-port.ts";
import { readCount, readHash, readLog, wellFormed } from "../../../../src/store/replies.ts";
import type { Transact } from "../../../../src/store/transaction.ts";
import { last } from "../../../../src/store/transaction.ts";
import { formatIssuedCode, parseCodeChain } from "../../../../src/store/values.ts";

/** The two transactions that a move needs beside those of the port. */
export interface OldHome {
  /** What the old home has of a subject, and where the number is given of that, without counting anything. */
  read(
    subject: Subject,
    phoneId: PhoneId | null,
  ): Promise<{
    readonly chain: CodeChain;
    readonly log: readonly LoggedSend[];
    readonly hasSignedIn: boolean;
  }>;
  /** Makes a code that was agreed on there the first one at the new home, if none is; the answer has the one that is. */
  seedNew(subject: Subject, code: IssuedCode): Promise<CodeChain>;
}

export function createOldHome(from: Transact, to: Transact, codeLifetimeSeconds: number): OldHome {
  return {
    async read(subject, phoneId) {
      const replies = await from((tx) => {
        // A write that changes nothing, so that no replica that lags answers what is read after it.
        tx.expire(keys.user(subject), ttl.user, "NX").hgetall(keys.otp(subject));
        const chain = last(tx);
        const signIns = last(tx.zcard(keys.user(subject)));
        if (phoneId === null) return { chain, signIns };
        tx.zrange(keys.log(phoneId), 0, -1, { withScores: true });
        return { chain, signIns, log: last(tx) };
      });
      return {
        chain: wellFormed(parseCodeChain(readHash(replies.chain))),
        log: "log" in replies ? readLog(replies.log) : [],
        hasSignedIn: readCount(replies.signIns) > 0,
      };
    },
    async seedNew(subject, code) {
      const otp = keys.otp(subject);
      const { chain } = await to((tx) => {
        tx.hsetnx(otp, fields.seed, formatIssuedCode(code)).hgetall(otp);
        const read = last(tx);
        tx.expire(otp, ttl.code(codeLifetimeSeconds));
        return { chain: read };
      });
      return wellFormed(parseCodeChain(readHash(chain)));
    },
  };
}

/** Both logs as one: a send that stands in both counts once, by its first time. */
export function unite(before: readonly LoggedSend[], after: readonly LoggedSend[]): readonly LoggedSend[] {
  const known = new Set<string>(before.map(({ member }) => member));
  return [...before, ...after.filter(({ member }) => !known.has(member))];
}

/** Both chains as one: the codes that live at the old home, and those that came after the move. */
export function join(before: CodeChain, after: CodeChain, isOld: (code: IssuedCode) => boolean): CodeChain {
  return {
    codes: [...before.codes.filter(isOld), ...after.codes],
    forgotten: 0,
    winners: new Map([...before.winners, ...after.winners]),
  };
}
