import type { Exchange } from "../exchange.ts";
import { readChallenge } from "../tokens.ts";
import { sidOf } from "./answers.ts";
import type { Reference, Witness } from "./reference.ts";

/** A code signs in at most once: whoever is let in by it, however often, is in the same session, and typed its digits in time. */
export function createSingleUse(): Reference {
  const sidByNonce = new Map<string, string>();
  const nonceBySid = new Map<string, string>();

  return {
    see(exchange, witness) {
      const sid = sidOf(exchange);
      if (sid === null) return disagreement(exchange);
      const nonce = nonceOf(exchange, witness);
      // The code of a send whose answer was lost belongs to a challenge that nobody has seen.
      if (nonce === null)
        return knowsDigits(exchange, witness) ? [] : ["lets somebody in with digits of no SMS"];
      const [sidBefore = sid, nonceBefore = nonce] = [sidByNonce.get(nonce), nonceBySid.get(sid)];
      sidByNonce.set(nonce, sid);
      nonceBySid.set(sid, nonce);
      return [
        ...(sidBefore === sid ? [] : ["a code signs in twice"]),
        ...(nonceBefore === nonce ? [] : ["two codes open one session"]),
        ...digitsOrTime(exchange, nonce, witness),
      ];
    },
  };
}

/** Sends at the same time agree on one code, so that whoever types either SMS is right. */
function disagreement({ group }: Exchange): readonly string[] {
  const isQuiet = group.every(
    ({ ask, answer, storeFailed }) =>
      ask.kind === "send" && ask.key === null && answer !== null && !storeFailed,
  );
  if (!isQuiet) return [];
  const given = group.flatMap(({ ask, answer }) =>
    answer?.code === "OK"
      ? [{ subject: ask.subject, ...readChallenge(String(answer.data["challengeId"])) }]
      : [],
  );
  const differs = given.some((one) =>
    given.some((other) => one.subject === other.subject && one.nonce !== other.nonce),
  );
  return differs ? ["sends at the same time give out different codes"] : [];
}

function nonceOf({ ask }: Exchange, { memory }: Witness): string | null {
  if (ask.challenge !== null) return ask.challenge.nonce;
  const ofSubject = memory.challenges.filter(({ subject }) => subject === ask.subject);
  return ofSubject.findLast(({ nonce }) => memory.codes.get(nonce) === ask.guess)?.nonce ?? null;
}

function knowsDigits({ ask }: Exchange, { memory }: Witness): boolean {
  return memory.smsCodes.get(ask.subject)?.includes(ask.guess) ?? false;
}

function digitsOrTime(
  { ask, startedAt }: Exchange,
  nonce: string,
  { memory, policy }: Witness,
): readonly string[] {
  const challenge = memory.challenges.find((one) => one.nonce === nonce);
  const code = memory.codes.get(nonce);
  const endsAt = (challenge?.issuedAt ?? startedAt) + policy.codeLifetimeSeconds * 1000;
  return [
    ...(ask.isForged ? ["lets somebody in with a forged or foreign challenge id"] : []),
    ...(code === undefined || code === ask.guess ? [] : ["lets somebody in with wrong digits"]),
    ...(startedAt < endsAt ? [] : ["lets somebody in with a code that is out of time"]),
  ];
}
