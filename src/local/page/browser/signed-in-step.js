import { createActionButton } from "./action-button.js";
import { abandon, attempt } from "./attempt.js";
import { countDown, toClock } from "./countdown.js";
import { find } from "./find.js";
import { createNotice } from "./notice.js";
import { readMe, refreshTokens, signOut } from "./service.js";

/** @typedef {import("./service.js").Tokens} Tokens */
/** @typedef {import("./service.js").User} User */

const LABELS = { me: "Who am I?", refresh: "Refresh token", signOut: "Sign out" };

/**
 * One session, which the page forgets when it is left.
 * @param {(message?: string) => void} onEnded
 */
export function createSignedInStep(onEnded) {
  const notice = createNotice(find("#session-problem", HTMLElement));
  const result = find("#session-result", HTMLElement);
  const me = createActionButton(find("#me", HTMLButtonElement), askMe);
  const refresh = createActionButton(find("#refresh", HTMLButtonElement), askRefresh);
  const leave = createActionButton(find("#sign-out", HTMLButtonElement), askSignOut);
  /** @type {Tokens} */
  let tokens = { accessToken: "", refreshToken: "", expiresIn: 0 };
  /** @type {(() => void) | undefined} */
  let stopClock;

  /** @param {Tokens} next */
  function take(next) {
    tokens = next;
    stopClock?.();
    const expiry = find("[data-fact=expiry]", HTMLElement);
    stopClock = countDown(Date.now() + next.expiresIn * 1000, (seconds) => {
      expiry.textContent = seconds === 0 ? "Expired: refresh it" : `Valid for ${toClock(seconds)}`;
    });
  }

  async function askMe() {
    const parts = { button: me, notice, label: LABELS.me, busyLabel: "Asking …", again: askMe };
    const answer = await attempt(readMeAnew, parts);
    if (answer?.ok) say(`The service knows you as ${answer.data.user.phone}, ${answer.data.user.role}.`);
    else endIfRefused(answer);
  }

  /** As an app does: an access token that has expired is renewed, and the request made again. */
  async function readMeAnew() {
    const answer = await readMe(tokens.accessToken);
    if (answer.ok || answer.problem.code !== "UNAUTHORIZED") return answer;
    const renewed = await refreshTokens(tokens.refreshToken);
    if (!renewed.ok) return renewed;
    take(renewed.data);
    return readMe(tokens.accessToken);
  }

  async function askRefresh() {
    const parts = {
      button: refresh,
      notice,
      label: LABELS.refresh,
      busyLabel: "Asking …",
      again: askRefresh,
    };
    const answer = await attempt(() => refreshTokens(tokens.refreshToken), parts);
    if (answer?.ok) {
      take(answer.data);
      say("There is a new access token.");
    } else endIfRefused(answer);
  }

  async function askSignOut() {
    const parts = {
      button: leave,
      notice,
      label: LABELS.signOut,
      busyLabel: "Signing out …",
      again: askSignOut,
    };
    const answer = await attempt(() => signOut(tokens.refreshToken), parts);
    if (answer?.ok) end();
  }

  /** @param {import("./service.js").Answer<unknown> | null} answer */
  function endIfRefused(answer) {
    if (answer !== null && !answer.ok && answer.problem.code === "UNAUTHORIZED") end(answer.problem.message);
  }

  /** @param {string} text */
  function say(text) {
    result.textContent = text;
  }

  /** @param {string} [message] */
  function end(message) {
    abandon();
    stopClock?.();
    tokens = { accessToken: "", refreshToken: "", expiresIn: 0 };
    onEnded(message);
  }

  return {
    /** @param {import("./service.js").SignedIn} signedIn */
    show({ user, isNewUser, tokens: first }) {
      notice.clear();
      say("");
      me.ready(LABELS.me);
      refresh.ready(LABELS.refresh);
      leave.ready(LABELS.signOut);
      writeFacts(user, isNewUser);
      take(first);
      find("#welcome", HTMLElement).focus();
    },
  };
}

/**
 * @param {User} user
 * @param {boolean} isNewUser
 */
function writeFacts({ id, phone, role, name }, isNewUser) {
  const who = name === undefined ? "" : `, ${name}`;
  find("#welcome", HTMLElement).textContent = isNewUser ? `Welcome${who}` : `Welcome back${who}`;
  const facts = { phone, role, first: isNewUser ? "Yes" : "No", id };
  for (const [fact, text] of Object.entries(facts))
    find(`[data-fact=${fact}]`, HTMLElement).textContent = text;
}
