import { createActionButton } from "./action-button.js";
import { abandon, attempt, isBusy } from "./attempt.js";
import { askForCode } from "./challenge.js";
import { createCodeField } from "./code-field.js";
import { find } from "./find.js";
import { createKeys } from "./keys.js";
import { createNotice } from "./notice.js";
import { tellProgress } from "./progress.js";
import { verifyCode } from "./service.js";
import { createValidity } from "./validity.js";
import { listenForCode } from "./web-otp.js";

/** @typedef {import("./challenge.js").Challenge} Challenge */
/** @typedef {import("./action-button.js").ActionButton} ActionButton */

const LABELS = { verify: "Sign in", resend: "Send it again", renew: "Text me a new code" };

/** No guess on this challenge can be right any more. */
const ENDINGS = new Set(["OTP_EXPIRED", "OTP_MAX_ATTEMPTS"]);

/**
 * The code of one challenge at a time.
 * @param {{
 *   onSent: (challenge: Challenge) => void,
 *   onVerified: (signedIn: import("./service.js").SignedIn) => void,
 *   onOver: () => void,
 *   onLeave: () => void,
 * }} on
 */
export function createCodeStep({ onSent, onVerified, onOver, onLeave }) {
  const notice = createNotice(find("#code-problem", HTMLElement), find("#code", HTMLElement));
  const resendLine = find("#resend-line", HTMLElement);
  const unconfirmed = find("#unconfirmed", HTMLElement);
  const [verifies, sends] = [createKeys(), createKeys()];
  /** @type {Challenge | null} */
  let challenge = null;
  let isOver = false;
  /** @type {(() => void) | undefined} */
  let stopListening;

  const field = createCodeField(find("#code-field", HTMLElement), { onEdit: begin, onComplete: verify });
  const validity = createValidity(find("#validity", HTMLElement), expire);
  const main = createActionButton(find("#verify", HTMLButtonElement), () =>
    isOver ? send(main, LABELS.renew) : verify(),
  );
  const resend = createActionButton(find("#resend", HTMLButtonElement), () => send(resend, LABELS.resend));
  find("#change-number", HTMLButtonElement).addEventListener("click", () => {
    close();
    onLeave();
  });

  function begin() {
    if (isBusy()) return;
    abandon();
    notice.clear();
    main.ready(LABELS.verify);
  }

  async function verify() {
    if (challenge === null || isBusy()) return;
    const { request, id, codeLength } = challenge;
    const otp = field.read();
    if (otp.length < codeLength) return notice.blameField(`Please enter all ${codeLength} digits.`);
    stopListening?.();
    field.handOver();
    const body = { phone: request.phone, role: request.role, otp, challengeId: id };
    const answer = await attempt(() => verifyCode(body, verifies.keyFor(body)), {
      button: main,
      notice,
      label: LABELS.verify,
      busyLabel: "Checking …",
      again: verify,
    });
    if (answer === null) return;
    if (answer.ok) {
      close();
      onVerified(answer.data);
    } else if (ENDINGS.has(answer.problem.code) || answer.problem.attemptsRemaining === 0) end();
    else if (field.next().length === codeLength) void verify();
    else if (field.next() === "" && answer.problem.code === "OTP_INVALID") field.select();
  }

  /** @param {ActionButton} button @param {string} label */
  async function send(button, label) {
    if (challenge === null) return;
    const { request, codeLength } = challenge;
    const again = () => send(button, label);
    const parts = { button, notice, label, busyLabel: "Sending …", again };
    if (isBusy()) return;
    field.handOver();
    const answer = await attempt(() => askForCode(request, sends), parts);
    if (answer === null) return;
    const next = field.next();
    if (answer.ok) {
      onSent(answer.data);
      field.take(next);
    } else if (next.length === codeLength) void verify();
  }

  function expire() {
    // The answer on its way knows better.
    if (isBusy()) return;
    notice.tell("This code has expired.");
    end();
  }

  /** From here on the one thing to do is to ask for a new code. */
  function end() {
    if (challenge === null) return;
    const { codeLength, resendAt } = challenge;
    isOver = true;
    field.reset(codeLength);
    field.lock();
    validity.stop?.();
    resendLine.hidden = true;
    unconfirmed.hidden = true;
    main.wait(resendAt, LABELS.renew);
    main.focus();
    onOver();
  }

  function close() {
    abandon();
    stopListening?.();
    validity.stop?.();
  }

  return {
    /** @param {Challenge} next */
    show(next) {
      close();
      challenge = next;
      isOver = false;
      const { request, codeLength, isUnconfirmed, expiresAt, resendAt } = next;
      find("#sent-to", HTMLElement).textContent = `Sent to ${request.text}`;
      find("#code-label", HTMLElement).textContent = `${codeLength}-digit code`;
      unconfirmed.hidden = !isUnconfirmed;
      resendLine.hidden = false;
      field.reset(codeLength);
      begin();
      resend.wait(resendAt, LABELS.resend);
      validity.start(expiresAt);
      stopListening = listenForCode(field.take);
      tellProgress(isUnconfirmed ? unconfirmed.innerText : `A code is on its way to ${request.text}.`);
      field.focus();
    },
    take: field.take,
  };
}
