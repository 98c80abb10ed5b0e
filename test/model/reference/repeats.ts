import type { Answer, Ask, Exchange } from "../exchange.ts";
import { RUN_TIMEOUT_MS } from "../system/isolate.ts";
import { readChallenge } from "../tokens.ts";
import { sidOf } from "./answers.ts";
import type { Reference, Witness } from "./reference.ts";

interface Run {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly answer: Answer | null;
  readonly isFaulted: boolean;
  readonly isSent: boolean;
}

/**
 * A repeat with the same `Idempotency-Key` gets the same answer while the code is in time. It sends no second SMS, and
 * is no second guess: who was let in is let in again, to the same session.
 */
export function createRepeats(): Reference {
  const sends = new Map<string, Run[]>();
  const signIns = new Map<string, string>();

  return {
    see(exchange, witness) {
      const { ask } = exchange;
      if (ask.key === null) return [];
      if (ask.kind === "send") return seeSend(exchange, witness, sends);
      return ask.kind === "verify" ? seeGuess(exchange, witness, signIns) : [];
    },
  };
}

function seeSend(exchange: Exchange, { policy }: Witness, sends: Map<string, Run[]>): readonly string[] {
  const { ask, answer, startedAt, endedAt, storeFailed, sms, beside } = exchange;
  const name = `${ask.subject} ${ask.key ?? ""}`;
  const runs = sends.get(name) ?? [];
  const isSent = sms.some(({ isMaybeSent }) => isMaybeSent);
  const lifetimeMs = policy.codeLifetimeSeconds * 1000;
  const last = runs.findLast((run) => run.answer?.code === "OK");
  const isBeside = beside.some((other) => isSameKey(other, ask));
  const wrong: string[] = [];

  const isRunning = (run: Run) => startedAt - run.startedAt <= RUN_TIMEOUT_MS;
  // One that has an answer is known to have ended, unless the store failed it.
  const isOpen = (run: Run) => run.isFaulted && isRunning(run);
  if (isSent && runs.some((run) => run.isSent && isRunning(run) && isYoung(run, lifetimeMs, startedAt)))
    wrong.push("a second SMS under one key");
  if (last !== undefined && answer !== null && !storeFailed) {
    const given = readChallenge(String(last.answer?.data["challengeId"]));
    const isInTime = startedAt <= given.issuedAt + lifetimeMs - 1000;
    if (isInTime && !last.isFaulted && !isBeside) wrong.push(...otherAnswer(last.answer, answer, isSent));
  }
  if (answer?.code === "REQUEST_IN_PROGRESS" && !storeFailed) {
    if (!isBeside && !runs.some(isOpen)) wrong.push("REQUEST_IN_PROGRESS, and nothing is");
  }
  sends.set(name, [
    ...runs,
    { startedAt, endedAt, answer, isFaulted: storeFailed || answer === null, isSent },
  ]);
  return wrong;
}

/** Whether the code that its SMS had is in time; of one whose answer was lost nobody knows how old it was. */
function isYoung({ answer, startedAt }: Run, lifetimeMs: number, now: number): boolean {
  const halfLife = now < startedAt + lifetimeMs / 2 - 1000;
  if (answer?.code !== "OK") return halfLife;
  return now <= readChallenge(String(answer.data["challengeId"])).issuedAt + lifetimeMs - 1000;
}

function otherAnswer(first: Answer | null, answer: Answer, isSent: boolean): readonly string[] {
  if (answer.code !== "OK") return [`a repeat answers ${answer.code}`];
  const differing = ["challengeId", "delivery", "message"].filter(
    (name) => first?.data[name] !== answer.data[name],
  );
  return [
    ...(isSent ? ["a repeat sends an SMS"] : []),
    ...differing.map((name) => `a repeat has another ${name}`),
  ];
}

function isSameKey(one: Ask, other: Ask): boolean {
  return one.kind === other.kind && one.subject === other.subject && one.key === other.key;
}

function seeGuess(
  exchange: Exchange,
  { facts, policy }: Witness,
  signIns: Map<string, string>,
): readonly string[] {
  const { ask, answer, startedAt, storeFailed } = exchange;
  const { challenge } = ask;
  const name = [ask.subject, ask.key, ask.guess, challenge?.nonce, challenge?.holder].join(" ");
  const sid = sidOf(exchange);
  const before = signIns.get(name);
  if (sid !== null && challenge !== null) signIns.set(name, sid);
  if (before === undefined || challenge === null || answer === null || storeFailed) return [];
  if (sid !== null) return sid === before ? [] : ["a repeat opens another session"];
  const isInTime = startedAt < challenge.issuedAt + policy.codeLifetimeSeconds * 1000;
  const { sure, maybe } = facts.wrong(challenge.nonce, challenge.holder);
  const mayBeLocked = sure.size + maybe.size >= policy.guessesPerChallenge;
  const mayRefuse = facts.mayHaveEnded(before) || mayBeLocked;
  return isInTime && !mayRefuse ? [`a repeat of a sign-in answers ${answer.code}`] : [];
}
