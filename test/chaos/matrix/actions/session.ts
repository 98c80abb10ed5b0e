import type { Action } from "../action.ts";
import type { Answer } from "../person.ts";
import type { Role } from "../stage.ts";
import { meAsked, refreshAsked, signIn, tell, tokensOf } from "../steps.ts";
import { createTrial } from "../way-in.ts";

const isDone = ({ status }: Answer): boolean => status === 200;
const common = {
  upstreams: ["store"],
  isRepeated: true,
  reads: ["hashes", "anything"],
  sends: false,
} as const;

/** After a refusal the token is as good as before; after an answer, what it brought is. */
function refreshAs(name: string, role: Role): Action {
  return {
    name,
    role,
    ...common,
    async prepare(person, stage) {
      const before = await signIn(person);
      return {
        asked: refreshAsked(before.refreshToken),
        isDone: (answer) => isDone(answer) && tokensOf(answer) !== null,
        async afterwards({ answer }) {
          const trial = createTrial(person, stage);
          await trial.useTokens(answer.status === 200 ? tokensOf(answer) : before);
          return { wayIn: trial.broken.length === 0 ? "session" : null, broken: trial.broken };
        },
      };
    },
  };
}

export const refreshKept = refreshAs("refresh, kept", "customer");
export const refreshRotated = refreshAs("refresh, rotated", "driver");

export const me: Action = {
  name: "me",
  role: "customer",
  ...common,
  async prepare(person, stage) {
    const tokens = await signIn(person);
    return {
      asked: meAsked(tokens.accessToken),
      isDone,
      async afterwards() {
        const trial = createTrial(person, stage);
        await trial.useTokens(tokens);
        return { wayIn: trial.broken.length === 0 ? "session" : null, broken: trial.broken };
      },
    };
  },
};

export const logout: Action = {
  name: "logout",
  role: "customer",
  ...common,
  // That its commands were executed is all that it wants to know.
  reads: [],
  async prepare(person, stage) {
    const { refreshToken } = await signIn(person);
    const asked = { path: "logout", body: { refreshToken } };
    return {
      asked,
      isDone,
      async afterwards({ answer }) {
        const trial = createTrial(person, stage);
        if (answer.status !== 200) {
          const again = await person.ask(asked);
          trial.check(again.status === 200, `nobody can sign out afterwards: ${tell(again)}`);
        }
        const refreshed = await person.ask(refreshAsked(refreshToken));
        trial.check(refreshed.code === "UNAUTHORIZED", `the session has not ended: ${tell(refreshed)}`);
        return trial.signInAnew({ after: "a pause" });
      },
    };
  },
};

/** Asked once: whoever asks wants to know how it is now. */
export const ready: Action = {
  name: "ready",
  role: "customer",
  upstreams: ["store"],
  isRepeated: false,
  reads: ["anything"],
  sends: false,
  prepare: (person, stage) =>
    Promise.resolve({
      asked: { method: "GET", path: "/ready" },
      isDone,
      async afterwards() {
        const trial = createTrial(person, stage);
        const again = await person.ask({ method: "GET", path: "/ready" });
        trial.check(again.status === 200, `it is not ready afterwards: ${tell(again)}`);
        return trial.signInAnew({ after: "at once" });
      },
    }),
};
