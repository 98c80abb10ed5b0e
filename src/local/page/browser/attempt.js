import { tellProgress } from "./progress.js";

/** @typedef {import("./service.js").Problem} Problem */
/** @typedef {import("./action-button.js").ActionButton} ActionButton */
/** @typedef {ReturnType<typeof import("./notice.js").createNotice>} Notice */

/**
 * @typedef {object} Attempt
 * @property {ActionButton} button
 * @property {Notice} notice
 * @property {string} label
 * @property {string} busyLabel
 * @property {() => unknown} again what the button does, for when the network is back
 */

/** What may go better with the very same request. */
const PASSING = new Set([
  "OFFLINE",
  "NO_ANSWER",
  "TOO_SLOW",
  "UNREACHABLE",
  "REQUEST_IN_PROGRESS",
  "OTP_RATE_LIMIT_EXCEEDED",
  "SERVICE_UNAVAILABLE",
  "MISCONFIGURED",
  "INTERNAL_ERROR",
]);

/** @type {symbol | null} */
let current = null;
let retry = new AbortController();

export const isBusy = () => current !== null;

/** The person has gone on to something else: a late answer is for nobody, and nothing is tried again by itself. */
export function abandon() {
  current = null;
  document.documentElement.removeAttribute("data-busy");
  retry.abort();
}

/**
 * Does one thing at a time that the person asked for. Its button says that it goes on, its notice what went wrong, and
 * the same button then tries again, as soon as the service wants to hear of it.
 * @template Data
 * @param {() => Promise<import("./service.js").Answer<Data>>} ask
 * @param {Attempt} attempt
 * @returns {Promise<import("./service.js").Answer<Data> | null>} null: something else goes on, or came in between
 */
export async function attempt(ask, { button, notice, label, busyLabel, again }) {
  if (isBusy()) return null;
  abandon();
  const mine = Symbol(label);
  current = mine;
  document.documentElement.setAttribute("data-busy", "");
  notice.clear();
  button.busy(busyLabel);
  tellProgress(busyLabel);
  const answer = await ask();
  if (current !== mine) return null;
  abandon();
  tellProgress("");
  if (answer.ok) button.ready(label);
  else {
    const { code, retryAfterMs } = answer.problem;
    notice.show(answer.problem);
    button.wait(Date.now() + (retryAfterMs ?? 0), PASSING.has(code) ? "Try again" : label);
    if (code === "OFFLINE") whenOnline(again);
  }
  return answer;
}

/** @param {() => void} act */
function whenOnline(act) {
  retry = new AbortController();
  window.addEventListener("online", () => act(), { once: true, signal: retry.signal });
}
