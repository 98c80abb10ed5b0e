import type { Exchange } from "../exchange.ts";
import { sendsPerDayInAllRoles } from "../../../src/config/policy.ts";
import type { Reference, Witness } from "./reference.ts";

const DAY_MS = 86_400_000;

interface Evaluated {
  readonly at: number;
  readonly name: string;
}

/**
 * Wrong guesses are evaluated within two budgets, whatever fails and however many come at once: `guessesPerChallenge` of
 * one holder on one code, and on one number in any day as many as its day of sends brings, and those of the reserve.
 */
export function createGuessBudget(): Reference {
  const ofHolder = new Map<string, Set<string>>();
  const ofNumber = new Map<number, Evaluated[]>();
  const provenSends = new Map<number, number[]>();

  return {
    see(exchange, witness) {
      const { ask, answer, startedAt, sms } = exchange;
      if (ask.kind === "send" && ask.isProven && sms.length > 0)
        provenSends.set(ask.phone, [...(provenSends.get(ask.phone) ?? []), startedAt]);
      if (ask.kind !== "verify" || answer?.code !== "OTP_INVALID") return [];
      const day = (ofNumber.get(ask.phone) ?? []).filter(({ at }) => at > startedAt - DAY_MS);
      // The same digits at the same code tell nobody anything new.
      const name = `${nonceOf(exchange, witness)} ${ask.guess}`;
      if (!day.some((one) => one.name === name)) day.push({ at: startedAt, name });
      ofNumber.set(ask.phone, day);
      const reserve = (provenSends.get(ask.phone) ?? []).filter((at) => at > startedAt - 2 * DAY_MS).length;
      const most = witness.policy.guessesPerChallenge * (sendsPerDayInAllRoles(witness.policy) + reserve);
      return [
        ...overHolder(exchange, witness, ofHolder),
        ...(day.length <= most ? [] : [`${day.length} guesses at one number in a day, not ${most}`]),
      ];
    },
  };
}

function nonceOf({ ask }: Exchange, { facts }: Witness): string {
  return ask.challenge?.nonce ?? facts.of(ask.subject).live?.nonce ?? `unknown of ${ask.subject}`;
}

function overHolder(
  { ask }: Exchange,
  { policy }: Witness,
  ofHolder: Map<string, Set<string>>,
): readonly string[] {
  if (ask.challenge === null) return [];
  const name = `${ask.challenge.nonce} ${ask.challenge.holder}`;
  const guesses = (ofHolder.get(name) ?? new Set<string>()).add(ask.guess);
  ofHolder.set(name, guesses);
  return guesses.size <= policy.guessesPerChallenge
    ? []
    : [`${guesses.size} wrong guesses of one holder on one code are evaluated`];
}
