import type { Answer, Ask, Exchange } from "./exchange.ts";
import type { ChallengeParts } from "./tokens.ts";
import { readChallenge, readClaims, readRefresh } from "./tokens.ts";

export interface ReceivedChallenge extends ChallengeParts {
  readonly id: string;
  readonly subject: string;
  readonly caller: number;
  /** Whether it came with no SMS: the answer to a repeat. */
  readonly isRepeated: boolean;
}

export interface KnownSession {
  readonly sid: string;
  readonly subject: string;
  /** Each once, the first first. */
  readonly refreshTokens: string[];
  readonly accessTokens: string[];
}

/** What the callers have been told so far, and the SMS that have arrived. */
export interface Memory {
  readonly challenges: ReceivedChallenge[];
  /** By nonce. */
  readonly codes: Map<string, string>;
  /** Of each subject's SMS, the first first. */
  readonly smsCodes: Map<string, string[]>;
  readonly sessions: KnownSession[];
  lastKeyed: Ask | null;
  lastRefused: { readonly ask: Ask; readonly waitSeconds: number; readonly limit: string } | null;
}

export function createMemory(): Memory {
  return {
    challenges: [],
    codes: new Map(),
    smsCodes: new Map(),
    sessions: [],
    lastKeyed: null,
    lastRefused: null,
  };
}

export function codeIn(smsText: string): string {
  return /\b\d{6}\b/.exec(smsText)?.[0] ?? "";
}

export function learn(memory: Memory, { ask, answer, sms }: Exchange): void {
  const arrived = sms.filter(({ isDelivered }) => isDelivered).map(({ text }) => codeIn(text));
  memory.smsCodes.set(ask.subject, [...(memory.smsCodes.get(ask.subject) ?? []), ...arrived]);
  if (ask.key !== null) memory.lastKeyed = ask;
  if (answer === null) return;
  const wait = answer.error["retryAfter"];
  if (typeof wait === "number") memory.lastRefused = { ask, waitSeconds: wait, limit: limitOf(answer) };
  if (answer.code !== "OK") return;
  if (ask.kind === "send") {
    const id = String(answer.data["challengeId"]);
    memory.challenges.push({
      ...readChallenge(id),
      id,
      subject: ask.subject,
      caller: ask.caller,
      isRepeated: sms.length === 0,
    });
    const code = arrived.at(-1);
    if (code !== undefined) memory.codes.set(readChallenge(id).nonce, code);
  }
  const tokens = ask.kind === "verify" ? answer.data["tokens"] : answer.data;
  if (ask.kind === "verify" || ask.kind === "refresh")
    learnTokens(memory, ask.subject, tokens as Readonly<Record<string, unknown>>);
}

/** What refuses. */
export function limitOf({ code, error }: Answer): string {
  const { limit } = error;
  return typeof limit === "string" ? limit : code;
}

function learnTokens({ sessions }: Memory, subject: string, tokens: Readonly<Record<string, unknown>>): void {
  const [access, refresh] = [String(tokens["accessToken"]), String(tokens["refreshToken"])];
  const sid = String(readClaims(access)["sid"]);
  const known = sessions.find((session) => session.sid === sid);
  const session = known ?? { sid, subject, refreshTokens: [], accessTokens: [] };
  if (known === undefined) sessions.push(session);
  session.accessTokens.push(access);
  const isNew = !session.refreshTokens.some(
    (one) => readRefresh(one).generation === readRefresh(refresh).generation,
  );
  if (isNew) session.refreshTokens.push(refresh);
}
