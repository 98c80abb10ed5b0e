import type { Action, Prepared } from "../action.ts";
import { wrongGuess } from "../../../harness/service.ts";
import type { Answer, Person } from "../person.ts";
import type { Stage } from "../stage.ts";
import type { Held } from "../steps.ts";
import { obtainCode, tell, tokensOf, verifyAsked } from "../steps.ts";
import { createTrial } from "../way-in.ts";

const KEY = "verify";
const isDone = ({ status }: Answer): boolean => status === 200;
const common = {
  role: "customer",
  upstreams: ["store"],
  isRepeated: true,
  reads: ["numbers", "hashes", "anything"],
  sends: false,
} as const;

/** As the apps of today do it: without a key, and perhaps without a challenge id. */
function rightGuess(person: Person, stage: Stage, held: Held, asked: Partial<Held>): Prepared {
  return {
    asked: verifyAsked(person, asked),
    isDone,
    async afterwards({ answer, isExecuted }) {
      const trial = createTrial(person, stage);
      if (answer.status === 200) {
        await trial.useTokens(tokensOf(answer));
        await trial.spend(held);
        return { wayIn: "same code", broken: trial.broken };
      }
      const again = await person.ask(verifyAsked(person, asked));
      if (again.status !== 200) {
        // Nobody can tell his second try from somebody else's.
        trial.check(isExecuted && again.code === "OTP_EXPIRED", `the code does not sign in: ${tell(again)}`);
        return trial.signInAnew({ after: "a pause" });
      }
      await trial.useTokens(tokensOf(again));
      await trial.spend(held);
      return { wayIn: "same code", broken: trial.broken };
    },
  };
}

export const verifyRight: Action = {
  name: "verify, right",
  ...common,
  async prepare(person, stage) {
    const held = await obtainCode(person);
    return rightGuess(person, stage, held, held);
  },
};

/** Without a challenge id: two transactions. */
export const verifyByNumber: Action = {
  name: "verify, no challenge id",
  ...common,
  later: { to: "down", reads: common.reads },
  async prepare(person, stage) {
    const held = await obtainCode(person);
    return rightGuess(person, stage, held, { code: held.code });
  },
};

/** With an `Idempotency-Key`: whatever the first answer was, the second is the same sign-in. */
export const verifyWithKey: Action = {
  name: "verify with key",
  ...common,
  async prepare(person, stage) {
    const held = await obtainCode(person);
    return {
      asked: verifyAsked(person, held, KEY),
      isDone,
      async afterwards() {
        const trial = createTrial(person, stage);
        const again = await person.ask(verifyAsked(person, held, KEY));
        trial.check(again.status === 200, `the same key is answered ${tell(again)}`);
        if (again.status === 200) await trial.useTokens(tokensOf(again));
        await trial.spend(held);
        return { wayIn: again.status === 200 ? "same code" : null, broken: trial.broken };
      },
    };
  },
};

export const verifyWrong: Action = {
  name: "verify, wrong",
  ...common,
  async prepare(person, stage) {
    const held = await obtainCode(person);
    const wrong = { ...held, code: wrongGuess(held.code) };
    const costsOne = (answer: Answer): boolean =>
      answer.code === "OTP_INVALID" && answer.error["attemptsRemaining"] === 4;
    return {
      asked: verifyAsked(person, wrong),
      isDone: costsOne,
      async afterwards() {
        const trial = createTrial(person, stage);
        const again = await person.ask(verifyAsked(person, wrong));
        trial.check(costsOne(again), `the same wrong code costs more than one guess: ${tell(again)}`);
        return trial.signInWith(held, "same code");
      },
    };
  },
};
