/**
 * What went wrong, in the service's words or in those of plain-words.js.
 * @typedef {object} Problem
 * @property {string} code the service's, or OFFLINE, NO_ANSWER, TOO_SLOW, UNREACHABLE
 * @property {string} message
 * @property {number | null} retryAfterMs
 * @property {number | null} attemptsRemaining
 * @property {string | null} requestId
 */

/**
 * @template Data
 * @typedef {{ ok: true, data: Data } | { ok: false, problem: Problem }} Answer
 */

/** @typedef {{ expiresIn: number, challengeId: string, resendIn: number, codeLength: number, delivery: "accepted" | "unconfirmed" }} Sent */
/** @typedef {{ accessToken: string, refreshToken: string, expiresIn: number }} Tokens */
/** @typedef {{ id: string, phone: string, role: string, isProfileComplete: boolean, name?: string }} User */
/** @typedef {{ user: User, isNewUser: boolean, tokens: Tokens }} SignedIn */
/** @typedef {{ phone: string, role: string }} SendBody */
/** @typedef {{ phone: string, role: string, otp: string, challengeId: string }} VerifyBody */

const PATIENCE_MS = 20_000;
const REPEATS_IN_PROGRESS = 8;

/** @type {(body: SendBody, key: string) => Promise<Answer<Sent>>} */
export const sendCode = (body, key) => ask("POST", "send-otp", { body, key });

/** @type {(body: VerifyBody, key: string) => Promise<Answer<SignedIn>>} */
export const verifyCode = (body, key) => ask("POST", "verify-otp", { body, key });

/** @type {(refreshToken: string) => Promise<Answer<Tokens>>} */
export const refreshTokens = (refreshToken) => ask("POST", "refresh", { body: { refreshToken } });

/** @type {(accessToken: string) => Promise<Answer<{ user: User }>>} */
export const readMe = (accessToken) => ask("GET", "me", { accessToken });

/** @type {(refreshToken: string) => Promise<Answer<unknown>>} */
export const signOut = (refreshToken) => ask("POST", "logout", { body: { refreshToken } });

/**
 * @param {string} method
 * @param {string} route
 * @param {{ body?: object, key?: string, accessToken?: string }} parts
 * @returns {Promise<Answer<any>>}
 */
async function ask(method, route, { body, key, accessToken }) {
  /** @type {Record<string, string>} */
  const headers = {
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...(key === undefined ? {} : { "Idempotency-Key": key }),
    ...(accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` }),
  };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  for (let repeats = 0; ; repeats += 1) {
    const answer = await askOnce(`/api/v1/auth/${route}`, init);
    // The first try, whose answer was lost, is still at work: its answer is what this one waits for.
    const isRunning = !answer.ok && answer.problem.code === "REQUEST_IN_PROGRESS";
    if (!isRunning || repeats === REPEATS_IN_PROGRESS) return answer;
    await new Promise((resolve) => setTimeout(resolve, answer.problem.retryAfterMs ?? 1000));
  }
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Answer<any>>}
 */
async function askOnce(url, init) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, { ...init, signal: patience.signal });
    return readAnswer(response.status, await response.text());
  } catch {
    if (!navigator.onLine) return failed("OFFLINE");
    return failed(patience.signal.aborted ? "TOO_SLOW" : "NO_ANSWER");
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {number} status
 * @param {string} text
 * @returns {Answer<any>}
 */
function readAnswer(status, text) {
  const body = parseJson(text);
  if (body?.success === true) return { ok: true, data: body.data };
  const error = body?.error;
  if (typeof error?.code !== "string") return failed(status === 502 ? "UNREACHABLE" : "NO_ANSWER");
  const { code, message, retryAfter, retryAfterMs, attemptsRemaining, requestId } = error;
  const waitMs = retryAfterMs ?? (retryAfter === undefined ? null : retryAfter * 1000);
  return failed(code, {
    message,
    retryAfterMs: waitMs,
    attemptsRemaining: attemptsRemaining ?? null,
    requestId: requestId ?? null,
  });
}

/**
 * @param {string} code
 * @param {Partial<Problem>} [more]
 * @returns {{ ok: false, problem: Problem }}
 */
const failed = (code, more) => ({
  ok: false,
  problem: { code, message: "", retryAfterMs: null, attemptsRemaining: null, requestId: null, ...more },
});

/** @param {string} text */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
