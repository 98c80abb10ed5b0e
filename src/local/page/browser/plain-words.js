/** @typedef {import("./service.js").Problem} Problem */

const SAFE = "The connection may have dropped. You can safely try again: nothing happens twice.";
const LAST_TRY = {
  message: "This code is not right.",
  hint: "That was the last try. Please ask for a new code.",
};

/**
 * What to add to the service's own message, or to say where it has not spoken.
 * @type {Readonly<Record<string, (problem: Problem) => { message?: string, hint: string }>>}
 */
const WORDS = {
  OFFLINE: () => ({ message: "You are offline.", hint: "This goes on by itself when you are back." }),
  NO_ANSWER: () => ({ message: "The answer did not arrive.", hint: SAFE }),
  TOO_SLOW: () => ({ message: "The answer takes too long.", hint: SAFE }),
  UNREACHABLE: () => ({ message: "The service does not answer.", hint: "Is npm run dev still running?" }),
  OTP_INVALID: ({ attemptsRemaining }) =>
    attemptsRemaining === 0 ? LAST_TRY : { hint: triesLeft(attemptsRemaining) },
  COUNTRY_NOT_ALLOWED: () => ({ hint: "Please use a number of another country." }),
  MISCONFIGURED: () => ({ hint: "The log of the service names the binding that is wrong." }),
  INTERNAL_ERROR: ({ requestId }) => ({ hint: `The log of the service has more under ${requestId}.` }),
};

/**
 * What happened, and what the person can do next.
 * @param {Problem} problem
 * @returns {{ message: string, hint: string }}
 */
export function explain(problem) {
  const message = problem.message || "Something went wrong. Please try again.";
  return { message, hint: "", ...WORDS[problem.code]?.(problem) };
}

/** @param {number | null} tries */
function triesLeft(tries) {
  if (tries === null) return "";
  return tries === 1 ? "One try is left." : `${tries} tries are left.`;
}
