import type { Action, Aftermath, Struck } from "../action.ts";
import type { Answer, Person } from "../person.ts";
import type { Stage } from "../stage.ts";
import { codeOf, heldBy, letPause, obtainCode, sendAsked, signIn, tell } from "../steps.ts";
import { createTrial } from "../way-in.ts";

const KEY = "send";
const EVERYTHING = ["numbers", "hashes", "anything"] as const;
const isDone = ({ status }: Answer): boolean => status === 200;

/**
 * What a send leaves the person with: a code that has arrived signs in; one that was promised and did not arrive can be
 * asked for after the pause; one that was refused, at once.
 */
async function afterSend(person: Person, stage: Stage, { answer, sms }: Struck): Promise<Aftermath> {
  const trial = createTrial(person, stage);
  const codes = new Set(person.texts().slice(-sms).map(codeOf));
  trial.check(sms < 2 || codes.size === 1, "two SMS hold two codes");
  const held = heldBy(person, answer);
  if (answer.status === 200 && sms > 0 && held !== null) return trial.signInWith(held, "same code");
  return trial.signInAnew({ after: answer.status === 200 ? "a pause" : "at once" });
}

export const send: Action = {
  name: "send",
  role: "customer",
  upstreams: ["store", "sns"],
  isRepeated: true,
  reads: EVERYTHING,
  sends: true,
  prepare: (person, stage) =>
    Promise.resolve({
      asked: sendAsked(person),
      isDone,
      afterwards: (struck) => afterSend(person, stage, struck),
    }),
};

/** The same with an `Idempotency-Key`, by which the app asks again afterwards. */
export const sendWithKey: Action = {
  name: "send with key",
  role: "customer",
  upstreams: ["store", "sns"],
  isRepeated: true,
  reads: EVERYTHING,
  sends: true,
  // The SMS is on its way, and only the note of it is lost.
  later: { to: "done", reads: [] },
  prepare: (person, stage) =>
    Promise.resolve({
      asked: sendAsked(person, KEY),
      isDone,
      async afterwards(struck) {
        const before = person.texts().length;
        const again = await person.ask(sendAsked(person, KEY));
        const more = person.texts().length - before;
        const trial = createTrial(person, stage);
        if (struck.mode === "later" && again.code === "REQUEST_IN_PROGRESS") {
          // Nobody knows how the run ended until its time is over, but the code is there.
          return afterSend(person, stage, struck);
        }
        trial.check(again.status === 200, `the same key is answered ${tell(again)}`);
        if (struck.answer.status === 200) {
          trial.check(more === 0, `the same key brings ${more} SMS more`);
          const { challengeId } = struck.answer.data;
          trial.check(again.data["challengeId"] === challengeId, "the same key has another challenge");
        } else {
          trial.check(more === 1, `the same key brings ${more} SMS`);
        }
        const sms = struck.sms + more;
        const { wayIn, broken } = await afterSend(person, stage, { ...struck, answer: again, sms });
        return { wayIn, broken: [...trial.broken, ...broken] };
      },
    }),
};

/** A second send, after the time between two. */
export const resend: Action = {
  name: "resend",
  role: "customer",
  upstreams: ["store", "sns"],
  isRepeated: true,
  reads: EVERYTHING,
  sends: true,
  async prepare(person, stage) {
    const first = await obtainCode(person);
    await letPause(person, stage);
    return {
      asked: sendAsked(person),
      isDone,
      async afterwards(struck) {
        // Whatever became of the second SMS, the first one's code is the live one.
        const trial = createTrial(person, stage);
        const codes = new Set(person.texts().map(codeOf));
        trial.check(codes.size === 1, "the resend has another code");
        if (struck.answer.status !== 200) {
          const before = person.texts().length;
          const again = await person.ask(sendAsked(person));
          trial.check(again.status === 200, `no other resend at once: ${tell(again)}`);
          trial.check(person.texts().length === before + 1, "the other resend sends no SMS");
        }
        return trial.signInWith(first, "same code");
      },
    };
  },
};

/** A send to somebody whose code is used: it is replaced, in a second transaction. */
export const sendAnew: Action = {
  name: "send after sign-in",
  role: "customer",
  upstreams: ["store"],
  isRepeated: true,
  reads: EVERYTHING,
  sends: true,
  later: { to: "down", reads: ["hashes", "anything"] },
  async prepare(person, stage) {
    await signIn(person);
    await letPause(person, stage);
    return {
      asked: sendAsked(person),
      isDone,
      afterwards: (struck) => afterSend(person, stage, struck),
    };
  },
};
