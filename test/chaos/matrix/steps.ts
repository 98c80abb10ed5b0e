import { keys } from "../../../src/store/keys.ts";
import type { Answer, Asked, Person } from "./person.ts";
import type { Stage } from "./stage.ts";

/** A code in somebody's hands. */
export interface Held {
  readonly code: string;
  readonly challengeId: string;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** More than the time between two sends. */
const PAUSE_MS = 31_000;

export const sendAsked = ({ phone, role }: Person, key?: string): Asked => ({
  path: "send-otp",
  body: { phone, role },
  ...(key === undefined ? {} : { key }),
});

export function verifyAsked({ phone, role }: Person, held: Partial<Held>, key?: string): Asked {
  const { code, challengeId } = held;
  return {
    path: "verify-otp",
    body: { phone, role, otp: code, ...(challengeId === undefined ? {} : { challengeId }) },
    ...(key === undefined ? {} : { key }),
  };
}

export const refreshAsked = (refreshToken: string): Asked => ({ path: "refresh", body: { refreshToken } });

export const meAsked = (accessToken: string): Asked => ({ method: "GET", path: "me", bearer: accessToken });

/** Sends a code and takes it from the SMS. Throws where that does not work. */
export async function obtainCode(person: Person): Promise<Held> {
  const answer = await person.ask(sendAsked(person));
  const held = heldBy(person, answer);
  if (answer.status !== 200 || held === null) throw new Error(`no code: ${tell(answer)}`);
  return held;
}

/** By the newest SMS; null where there is none, or no challenge id. */
export function heldBy(person: Person, answer: Answer): Held | null {
  const code = codeOf(person.texts().at(-1) ?? "");
  const { challengeId } = answer.data;
  return code === null || typeof challengeId !== "string" ? null : { code, challengeId };
}

export function codeOf(text: string): string | null {
  return /\b\d{6}\b/.exec(text)?.[0] ?? null;
}

export async function signIn(person: Person): Promise<SignedIn> {
  const answer = await person.ask(verifyAsked(person, await obtainCode(person)));
  const tokens = tokensOf(answer);
  if (tokens === null) throw new Error(`no tokens: ${tell(answer)}`);
  return tokens;
}

/** Of a verify or a refresh; null where there are none. */
export function tokensOf({ data }: Answer): SignedIn | null {
  const { accessToken, refreshToken } = (data["tokens"] ?? data) as Readonly<Record<string, unknown>>;
  return typeof accessToken === "string" && typeof refreshToken === "string"
    ? { accessToken, refreshToken }
    : null;
}

/** Lets the time between two sends pass, in the log of this number. */
export async function letPause({ phoneId }: Person, { backend }: Stage): Promise<void> {
  const log = keys.log(phoneId);
  const reply = await backend.single(["ZRANGE", log, "0", "-1", "WITHSCORES"]);
  const flat = "result" in reply && Array.isArray(reply.result) ? reply.result.map(String) : [];
  for (let index = 0; index < flat.length; index += 2) {
    const [member = "", score = ""] = flat.slice(index, index + 2);
    await backend.single(["ZADD", log, "XX", String(Number(score) - PAUSE_MS), member]);
  }
}

export function tell({ status, code }: Answer): string {
  return code === null ? String(status) : `${status} ${code}`;
}
