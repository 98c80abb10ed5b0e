import { sendCode } from "./service.js";

/**
 * @typedef {object} Request
 * @property {string} phone E.164
 * @property {string} role
 * @property {string} text the number for people
 */

/**
 * A code that is on its way. Times in ms.
 * @typedef {object} Challenge
 * @property {Request} request
 * @property {string} id
 * @property {number} codeLength
 * @property {number} resendAt
 * @property {number} expiresAt
 * @property {boolean} isUnconfirmed
 */

/**
 * @param {Request} request
 * @param {ReturnType<typeof import("./keys.js").createKeys>} keys
 * @returns {Promise<import("./service.js").Answer<Challenge>>}
 */
export async function askForCode(request, keys) {
  const body = { phone: request.phone, role: request.role };
  const answer = await sendCode(body, keys.keyFor(body));
  if (!answer.ok) return answer;
  keys.finish();
  const { challengeId, codeLength, resendIn, expiresIn, delivery } = answer.data;
  const now = Date.now();
  return {
    ok: true,
    data: {
      request,
      id: challengeId,
      codeLength,
      resendAt: now + resendIn * 1000,
      expiresAt: now + expiresIn * 1000,
      isUnconfirmed: delivery === "unconfirmed",
    },
  };
}

const NAME = "edge-otp.challenge";

/**
 * For a reload: a phone that runs out of memory drops this page while its owner reads the SMS.
 * @param {Challenge | null} challenge
 */
export function keepChallenge(challenge) {
  if (challenge === null) sessionStorage.removeItem(NAME);
  else sessionStorage.setItem(NAME, JSON.stringify(challenge));
}

/** @returns {Challenge | null} one that is in time */
export function keptChallenge() {
  try {
    /** @type {Challenge | null} */
    const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
    return kept !== null && Date.now() < kept.expiresAt ? kept : null;
  } catch {
    return null;
  }
}
