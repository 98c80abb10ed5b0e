import { sendsPerDayInAllRoles } from "../../../src/config/policy.ts";
import type { Exchange } from "../exchange.ts";
import type { Reference, Witness } from "./reference.ts";

const DAY_MS = 86_400_000;

interface Place {
  readonly at: number;
  readonly subject: string;
  /** Of guesses: the code that they are at; null of an SMS. */
  readonly nonce: string | null;
  readonly isProven: boolean;
}

/**
 * Guesses of strangers without a challenge id take a place among the sends of the day: SMS and such places together are
 * no more than a day's sends, of the subject and of the number, also where the last place is wanted by several at once.
 */
export function createPlaces(): Reference {
  const places = new Map<number, Place[]>();
  /** By subject, the first guess of a code's life that may have taken a place, in ms. */
  const mayHaveTaken = new Map<string, number>();

  return {
    see(exchange, witness) {
      const { ask, startedAt } = exchange;
      const { policy, apartMs } = witness;
      const since = startedAt + apartMs - DAY_MS - policy.codeLifetimeSeconds * 1000;
      const day = (places.get(ask.phone) ?? []).filter(({ at }) => at > since);
      places.set(ask.phone, day);
      if (isGuessAtLarge(exchange)) {
        const first = mayHaveTaken.get(ask.subject) ?? -Infinity;
        const isOver = first <= startedAt - policy.codeLifetimeSeconds * 1000;
        mayHaveTaken.set(ask.subject, isOver ? startedAt : first);
      }
      const taken = placeOf(exchange, witness, mayHaveTaken.get(ask.subject) ?? startedAt);
      if (taken === null) return [];
      const isKnown = day.some(
        ({ nonce, subject }) => nonce !== null && nonce === taken.nonce && subject === taken.subject,
      );
      if (isKnown) return [];
      day.push(taken);
      if (ask.isProven) return [];
      const own = day.filter(({ subject }) => subject === ask.subject).length;
      // Where clocks put one with proof before one without that came first, nobody can tell which had the reserve.
      const spare = apartMs > 0 ? day.filter(({ isProven }) => isProven).length : 0;
      const most = sendsPerDayInAllRoles(policy);
      return [
        ...(day.length <= most + spare ? [] : [`${day.length} places of a number in a day, not ${most}`]),
        ...(own <= policy.sendsPerDay + spare
          ? []
          : [`${own} places of a subject in a day, not ${policy.sendsPerDay}`]),
      ];
    },
  };
}

/** A wrong one without a challenge id, and one whose answer is not known. */
function isGuessAtLarge({ ask, answer }: Exchange): boolean {
  return (
    ask.kind === "verify" && ask.challenge === null && (answer === null || answer.code === "OTP_INVALID")
  );
}

/** A place of guesses is as old as the first of them, which may be one that could not be told from others. */
function placeOf(exchange: Exchange, { facts, memory }: Witness, firstGuessAt: number): Place | null {
  const { ask, answer, sms, startedAt, beside } = exchange;
  if (ask.kind === "send")
    return sms.some(({ isMaybeSent }) => isMaybeSent)
      ? { at: startedAt, subject: ask.subject, nonce: null, isProven: ask.isProven }
      : null;
  if (!isGuessAtLarge(exchange) || answer === null) return null;
  const { live, isLiveSure } = facts.of(ask.subject);
  const isMoving = beside.some(({ kind, subject }) => kind === "send" && subject === ask.subject);
  if (live === null || !isLiveSure || isMoving) return null;
  // Whoever asked may have used the guesses of his own send.
  const hasAsked = memory.challenges.some((one) => one.subject === ask.subject && one.caller === ask.caller);
  return hasAsked ? null : { at: firstGuessAt, subject: ask.subject, nonce: live.nonce, isProven: false };
}
