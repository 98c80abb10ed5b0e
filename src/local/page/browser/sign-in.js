import { keepChallenge, keptChallenge } from "./challenge.js";
import { createCodeStep } from "./code-step.js";
import { find } from "./find.js";
import { createPhoneStep } from "./phone-step.js";
import { tellProgress } from "./progress.js";
import { createSignedInStep } from "./signed-in-step.js";

/** @typedef {import("./challenge.js").Challenge} Challenge */

const STEPS = ["phone-step", "code-step", "signed-in-step"];

/**
 * Number, code, signed in. `onWaiting` hears whose code the phone waits for, or null.
 * @param {readonly import("./role-picker.js").Role[]} roles
 * @param {(waiting: import("./challenge.js").Request | null) => void} onWaiting
 */
export function createSignIn(roles, onWaiting) {
  /** @type {Challenge | null} */
  let challenge = null;
  // Until then the service would only say how long to wait.
  const liveChallenge = () => (challenge !== null && Date.now() < challenge.resendAt ? challenge : null);
  const forget = () => {
    challenge = null;
    keepChallenge(null);
  };

  const phoneStep = createPhoneStep(roles, { onSent: showCode, liveChallenge });
  const codeStep = createCodeStep({
    onSent: showCode,
    onVerified(signedIn) {
      forget();
      onWaiting(null);
      showStep("signed-in-step");
      signedInStep.show(signedIn);
    },
    onOver() {
      forget();
      onWaiting(null);
    },
    onLeave: () => showPhone(),
  });
  const signedInStep = createSignedInStep((message) => {
    showPhone(message);
    tellProgress("You are signed out.");
  });

  /** @param {Challenge} next */
  function showCode(next) {
    challenge = next;
    keepChallenge(next);
    showStep("code-step");
    codeStep.show(next);
    onWaiting(next.request);
  }

  /** @param {string} [message] */
  function showPhone(message) {
    keepChallenge(null);
    onWaiting(null);
    showStep("phone-step");
    phoneStep.show(message);
  }

  const kept = keptChallenge();
  if (kept !== null) showCode(kept);
  return { take: codeStep.take };
}

/** @param {string} name */
function showStep(name) {
  for (const step of STEPS) find(`#${step}`, HTMLElement).hidden = step !== name;
}
