import type { Exchange } from "../exchange.ts";
import type { Memory } from "../memory.ts";
import { readChallenge } from "../tokens.ts";
import { sidOf } from "./answers.ts";

/** What is certain, and what a fault or a race has left open. */
export interface SubjectFacts {
  /** The code that the last send gave out; null before the first. */
  live: { readonly nonce: string; readonly issuedAt: number } | null;
  /** Whether nothing can have replaced it since. */
  isLiveSure: boolean;
  /** By nonce: the session that its code has opened. */
  readonly won: Map<string, string>;
  /** Nonces whose code may be used up. */
  readonly maybeWon: Set<string>;
}

interface WrongGuesses {
  readonly sure: Set<string>;
  readonly maybe: Set<string>;
}

/** What the answers so far say of codes and guesses. */
export interface Facts {
  of(subject: string): SubjectFacts;
  /** Of one holder on one code. */
  wrong(nonce: string, holder: string): WrongGuesses;
  see(exchange: Exchange, memory: Memory): void;
  /** Transactions that were late have been executed: they may have replaced any code. */
  doubtAll(): void;
  /** A session that has ended, or may have. */
  doubtSession(sid: string): void;
  mayHaveEnded(sid: string): boolean;
}

export function createFacts(): Facts {
  const subjects = new Map<string, SubjectFacts>();
  const guesses = new Map<string, WrongGuesses>();
  const ended = new Set<string>();

  const facts: Facts = {
    of(subject) {
      const known = subjects.get(subject);
      if (known !== undefined) return known;
      const fresh = { live: null, isLiveSure: true, won: new Map(), maybeWon: new Set<string>() };
      subjects.set(subject, fresh);
      return fresh;
    },
    wrong(nonce, holder) {
      const name = `${nonce} ${holder}`;
      const known = guesses.get(name) ?? { sure: new Set(), maybe: new Set() };
      guesses.set(name, known);
      return known;
    },
    see(exchange, memory) {
      if (exchange.ask.kind === "send") seeSend(facts, exchange);
      if (exchange.ask.kind === "verify") seeVerify(facts, exchange, memory);
    },
    doubtAll() {
      for (const subject of subjects.values()) subject.isLiveSure = false;
    },
    doubtSession: (sid) => void ended.add(sid),
    mayHaveEnded: (sid) => ended.has(sid),
  };
  return facts;
}

function seeSend(facts: Facts, { ask, answer, sms, storeFailed, beside }: Exchange): void {
  const subject = facts.of(ask.subject);
  const isAlone = !beside.some((other) => other.kind === "send" && other.subject === ask.subject);
  if (answer?.code === "OK" && sms.length > 0) {
    const { nonce, issuedAt, holder } = readChallenge(String(answer.data["challengeId"]));
    // His own without an id, which ran beside, may have taken one of the guesses that this send came with.
    const own = beside.filter((other) => other.subject === ask.subject && other.caller === ask.caller);
    for (const { kind, challenge, guess } of own)
      if (kind === "verify" && challenge === null) facts.wrong(nonce, holder).maybe.add(guess);
    // Of several at once the last to be seen need not be the last to be decided.
    const agrees = subject.live?.nonce === nonce;
    subject.live = { nonce, issuedAt };
    subject.isLiveSure = isAlone || (agrees && subject.isLiveSure);
    return;
  }
  const isDecidedBefore =
    answer !== null && ["OTP_RATE_LIMIT_EXCEEDED", "REQUEST_IN_PROGRESS"].includes(answer.code);
  const isRepeat = answer?.code === "OK";
  // A send that fails on its way may have replaced the code already.
  if (storeFailed || !(isDecidedBefore || isRepeat)) subject.isLiveSure = false;
}

function seeVerify(facts: Facts, exchange: Exchange, { challenges }: Memory): void {
  const { ask, answer, storeFailed } = exchange;
  const subject = facts.of(ask.subject);
  const { challenge } = ask;
  const sid = sidOf(exchange);
  if (sid !== null) {
    if (challenge !== null) subject.won.set(challenge.nonce, sid);
    else doubtWinners(subject);
    return;
  }
  if (ask.isForged) return;
  // A right guess claims its code before it is judged, so that one which is refused may use it up.
  if (challenge === null) {
    // Where the day has no more places it takes one of the guesses that its address's own send came with.
    const own = challenges.filter((one) => one.subject === ask.subject && one.caller === ask.caller);
    for (const { nonce, holder } of own) facts.wrong(nonce, holder).maybe.add(ask.guess);
    if (answer === null || storeFailed || answer.code === "OTP_MAX_ATTEMPTS") doubtWinners(subject);
    return;
  }
  const wrong = facts.wrong(challenge.nonce, challenge.holder);
  if (answer?.code === "OTP_INVALID") wrong.sure.add(ask.guess);
  else wrong.maybe.add(ask.guess);
  if (answer?.code !== "OTP_INVALID") subject.maybeWon.add(challenge.nonce);
}

/** Nobody but the service knows which code a guess without an id was for. */
function doubtWinners(subject: SubjectFacts): void {
  if (subject.live !== null) subject.maybeWon.add(subject.live.nonce);
  else subject.isLiveSure = false;
}
