import { createActionButton } from "./action-button.js";
import { abandon, attempt, isBusy } from "./attempt.js";
import { askForCode } from "./challenge.js";
import { find } from "./find.js";
import { createKeys } from "./keys.js";
import { createNotice } from "./notice.js";
import { createNumberField } from "./number-field.js";
import { toE164, toText } from "./phone-number.js";
import { createRolePicker } from "./role-picker.js";

/** @typedef {import("./challenge.js").Challenge} Challenge */

const LABEL = "Text me a code";

/**
 * Who signs in to what. A code that is on its way already is not asked for again.
 * @param {readonly import("./role-picker.js").Role[]} roles
 * @param {{ onSent: (challenge: Challenge) => void, liveChallenge: () => Challenge | null }} on
 */
export function createPhoneStep(roles, { onSent, liveChallenge }) {
  const keys = createKeys();
  const notice = createNotice(find("#phone-problem", HTMLElement), find("#number", HTMLElement));
  const button = createActionButton(find("#send", HTMLButtonElement), submit);
  const number = createNumberField(begin);
  let role = "";
  createRolePicker(roles, (picked) => {
    role = picked.role;
    nameApp(picked.app);
    number.offer(picked.countries);
    begin();
  });

  function begin() {
    if (isBusy()) return;
    abandon();
    notice.clear();
    button.ready(LABEL);
  }

  async function submit() {
    const typed = number.read();
    if (typed.digits === "") return notice.blameField("Please enter your mobile number.");
    const request = { phone: toE164(typed), role, text: toText(typed) };
    const live = liveChallenge();
    if (live !== null && isFor(live, request)) return onSent(live);
    const answer = await attempt(() => askForCode(request, keys), {
      button,
      notice,
      label: LABEL,
      busyLabel: "Sending …",
      again: submit,
    });
    if (answer?.ok) onSent(answer.data);
  }

  return {
    /** @param {string} [message] why the person is here again */
    show(message) {
      begin();
      number.focus();
      if (message !== undefined) notice.tell(message);
    },
  };
}

/** @param {string} app */
function nameApp(app) {
  for (const place of document.querySelectorAll("[data-app-name]")) place.textContent = app;
  for (const place of document.querySelectorAll("[data-app-initial]")) place.textContent = app.charAt(0);
}

/**
 * @param {Challenge} challenge
 * @param {import("./challenge.js").Request} wanted
 */
const isFor = ({ request }, { phone, role }) => request.phone === phone && request.role === role;
