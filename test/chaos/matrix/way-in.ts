import type { Aftermath, WayIn } from "./action.ts";
import type { Person } from "./person.ts";
import type { Stage } from "./stage.ts";
import type { Held, SignedIn } from "./steps.ts";
import { heldBy, letPause, meAsked, refreshAsked, sendAsked, tell, tokensOf, verifyAsked } from "./steps.ts";

/** Collects what is broken while somebody tries to get in. */
export interface Trial {
  readonly broken: string[];
  check(isTrue: boolean, orElse: string): void;
  /** Signs in with a code, and sees that it works, and that the code works once. */
  signInWith(held: Held, wayIn: WayIn): Promise<Aftermath>;
  /** Asks for a code, at once or after the time between two sends, and signs in with it. */
  signInAnew(options: { readonly after: "at once" | "a pause" }): Promise<Aftermath>;
  /** Sees that these tokens are a session. */
  useTokens(tokens: SignedIn | null): Promise<void>;
  /** Sees that nobody else gets in by this code. */
  spend(held: Held): Promise<void>;
}

export function createTrial(person: Person, stage: Stage): Trial {
  const broken: string[] = [];
  const check: Trial["check"] = (isTrue, orElse) => {
    if (!isTrue) broken.push(orElse);
  };

  const trial: Trial = {
    broken,
    check,
    async signInWith(held, wayIn) {
      const answer = await person.ask(verifyAsked(person, held));
      check(answer.status === 200, `the code does not sign in: ${tell(answer)}`);
      if (answer.status !== 200) return { wayIn: null, broken };
      await trial.useTokens(tokensOf(answer));
      await trial.spend(held);
      return { wayIn, broken };
    },
    async signInAnew({ after }) {
      if (after === "a pause") await letPause(person, stage);
      const before = person.texts().length;
      const answer = await person.ask(sendAsked(person));
      const sms = person.texts().length - before;
      check(answer.status === 200, `no other code, ${after}: ${tell(answer)}`);
      check(answer.status !== 200 || sms === 1, `another code comes by ${sms} SMS`);
      const held = heldBy(person, answer);
      return held === null ? { wayIn: null, broken } : trial.signInWith(held, "new code");
    },
    async useTokens(tokens) {
      check(tokens !== null, "there are no tokens");
      if (tokens === null) return;
      const me = await person.ask(meAsked(tokens.accessToken));
      check(me.status === 200, `the access token is no good: ${tell(me)}`);
      const refreshed = await person.ask(refreshAsked(tokens.refreshToken));
      check(refreshed.status === 200, `the refresh token is no good: ${tell(refreshed)}`);
    },
    async spend(held) {
      const again = await person.ask(verifyAsked(person, held));
      check(again.code === "OTP_EXPIRED", `the code signs in again: ${tell(again)}`);
    },
  };
  return trial;
}
