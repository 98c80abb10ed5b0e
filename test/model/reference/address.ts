import type { Exchange } from "../exchange.ts";
import type { Reference, Witness } from "./reference.ts";

/**
 * Apps that send no challenge id get the same from their address: whoever asked for the live code, has guesses left and
 * types it is let in, whatever strangers guess before or meanwhile. A send brings guesses anew once it is a few seconds old.
 */
export function createAddressHold(): Reference {
  /** By subject and caller: guesses without an id that did not let him in. */
  const guesses = new Map<string, Spent[]>();
  /** By the same: when he has asked alone, and was sent an SMS. */
  const asked = new Map<string, number[]>();

  return {
    see(exchange, witness) {
      const { ask, answer, sms, startedAt, storeFailed, beside } = exchange;
      const name = `${ask.subject} ${ask.caller}`;
      if (ask.kind === "send" && answer?.code === "OK" && sms.length > 0 && beside.length === 0)
        asked.set(name, [...(asked.get(name) ?? []), startedAt]);
      if (ask.kind !== "verify" || ask.challenge !== null || ask.role === "driver") return [];
      const { live, isLiveSure } = witness.facts.of(ask.subject);
      const before = guesses.get(name) ?? [];
      const isMoving = beside.some(({ kind, subject }) => kind === "send" && subject === ask.subject);
      const nonce = isLiveSure && !isMoving ? (live?.nonce ?? null) : null;
      if (answer?.code !== "OK") guesses.set(name, [...before, { guess: ask.guess, nonce, at: startedAt }]);
      const since = asked.get(name)?.findLast((at) => at <= startedAt - witness.policy.smsTimeoutMs) ?? 0;
      const spent = before.filter(
        (one) => one.at >= since && (one.nonce === null || one.nonce === live?.nonce),
      );
      const isOwed = owesEntry(exchange, witness, new Set(spent.map(({ guess }) => guess)));
      const mayRefuse = answer === null || storeFailed || answer.code === "OTP_RATE_LIMIT_EXCEEDED";
      if (!isOwed || mayRefuse || answer.code === "OK") return [];
      return [`answers ${answer.code} to whoever asked for the code, at his own address, with guesses left`];
    },
  };
}

interface Spent {
  readonly guess: string;
  /** The code that it was at; null where that is not known. */
  readonly nonce: string | null;
  readonly at: number;
}

function owesEntry(
  exchange: Exchange,
  { facts, memory, policy }: Witness,
  spent: ReadonlySet<string>,
): boolean {
  const { ask, startedAt, beside } = exchange;
  const { live, isLiveSure, won, maybeWon } = facts.of(ask.subject);
  if (live === null || !isLiveSure || won.has(live.nonce) || maybeWon.has(live.nonce)) return false;
  if (startedAt >= live.issuedAt + policy.codeLifetimeSeconds * 1000) return false;
  if (memory.codes.get(live.nonce) !== ask.guess) return false;
  const own = memory.challenges.filter(
    (one) => one.nonce === live.nonce && one.caller === ask.caller && !one.isRepeated,
  );
  const byId = own.flatMap(({ nonce, holder }) => {
    const { sure, maybe } = facts.wrong(nonce, holder);
    return [...sure, ...maybe];
  });
  const isHindered = beside.some(
    (other) =>
      other.subject === ask.subject &&
      (other.kind === "send" ||
        other.guess === ask.guess ||
        other.caller === ask.caller ||
        other.challenge !== null),
  );
  return own.length > 0 && !isHindered && new Set([...spent, ...byId]).size < policy.guessesPerChallenge;
}
