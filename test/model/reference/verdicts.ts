import type { Exchange } from "../exchange.ts";
import type { ChallengeParts } from "../tokens.ts";
import type { Reference, Witness } from "./reference.ts";

type Guess = Exchange & { readonly challenge: ChallengeParts };

/**
 * Every guess with a challenge id is judged by its own holder's guesses and nobody else's, in the order replaced, locked,
 * used: whatever strangers do, whoever has the id and the code is let in. A forged or expired id costs no command, any
 * other one round trip. Where a fault or a race leaves open what came first, every outcome that can be is allowed.
 */
export function createVerdicts(): Reference {
  return {
    see(exchange, witness) {
      const { ask, answer, storeFailed } = exchange;
      const { challenge } = ask;
      if (ask.kind !== "verify" || challenge === null || answer === null || storeFailed) return [];
      const guess = { ...exchange, challenge };
      if (ask.isForged || isOutOfTime(guess, witness)) return costsNothing(exchange);
      const allowed = allowedCodes(guess, witness);
      if (!allowed.has(answer.code)) return [`answers ${answer.code}, not ${[...allowed].join(" or ")}`];
      return [...wrongRemaining(guess, witness), ...manyTrips(exchange)];
    },
  };
}

function isOutOfTime({ challenge, startedAt }: Guess, { policy }: Witness): boolean {
  return startedAt >= challenge.issuedAt + policy.codeLifetimeSeconds * 1000;
}

function costsNothing({ answer, storeTries }: Exchange): readonly string[] {
  return [
    ...(answer?.code === "OTP_EXPIRED" ? [] : [`answers ${answer?.code ?? ""} to a forged or expired id`]),
    ...(storeTries === 0 ? [] : ["a forged or expired id costs a store request"]),
  ];
}

function allowedCodes(guess: Guess, { facts, memory, policy }: Witness): ReadonlySet<string> {
  const { ask, challenge, beside } = guess;
  const { live, isLiveSure, won, maybeWon } = facts.of(ask.subject);
  const racers = beside.filter((other) => other.subject === ask.subject);
  const code = memory.codes.get(challenge.nonce);
  const budget = policy.guessesPerChallenge;
  const { sure, maybe } = wrongOf(guess, facts);
  const others = new Set(sure);
  others.delete(ask.guess);

  const isReplaced = isLiveSure && live !== null && live.nonce !== challenge.nonce;
  const mayBeReplaced = !isLiveSure || racers.some(({ kind }) => kind === "send");
  const isLocked = others.size >= budget;
  const mayBeLocked = new Set([...sure, ...maybe]).size >= budget;
  // What its own key has won is its own repeat's to have again: see repeats.ts.
  const isUsed = won.has(challenge.nonce) && ask.key === null;
  const mayBeUsed =
    won.has(challenge.nonce) || maybeWon.has(challenge.nonce) || racers.some(({ kind }) => kind === "verify");

  const allowed = new Set<string>();
  if (isReplaced || mayBeReplaced) allowed.add("OTP_EXPIRED");
  if (isLocked || mayBeLocked) allowed.add("OTP_MAX_ATTEMPTS");
  if (isReplaced && !(won.has(challenge.nonce) || maybeWon.has(challenge.nonce))) return allowed;
  if (isLocked) return allowed;
  if (isUsed || mayBeUsed) allowed.add("OTP_EXPIRED");
  if (isUsed) return allowed;
  if (code === undefined || code === ask.guess) allowed.add("OK");
  if (code !== ask.guess) allowed.add("OTP_INVALID");
  return allowed;
}

/** Those of the same moment may have come first. */
function wrongOf({ ask, challenge, beside }: Guess, facts: Witness["facts"]) {
  const { sure, maybe } = facts.wrong(challenge.nonce, challenge.holder);
  const racing = beside.filter(
    (other) => other.challenge?.nonce === challenge.nonce && other.challenge.holder === challenge.holder,
  );
  return {
    sure,
    maybe: new Set([...maybe, ...racing.map(({ guess }) => guess)].filter((one) => one !== ask.guess)),
  };
}

function wrongRemaining(guess: Guess, { facts, policy }: Witness): readonly string[] {
  const { ask, answer } = guess;
  if (answer?.code !== "OTP_INVALID") return [];
  const { sure, maybe } = wrongOf(guess, facts);
  const most = policy.guessesPerChallenge - new Set([...sure, ask.guess]).size;
  const least = Math.max(0, policy.guessesPerChallenge - new Set([...sure, ...maybe, ask.guess]).size);
  const told = Number(answer.error["attemptsRemaining"]);
  return told <= Math.max(0, most) && told >= least
    ? []
    : [`tells ${told} remaining guesses, not ${least} to ${most}`];
}

/** Beside the verdict's own, one that tidies up after a right guess. */
function manyTrips({ ask, answer, storeTries }: Exchange): readonly string[] {
  const most = answer?.code === "OTP_INVALID" ? 1 : 2;
  return storeTries <= most ? [] : [`${ask.kind} with an id takes ${storeTries} store requests`];
}
