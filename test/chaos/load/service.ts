import { headersOf } from "../../bench/caller.ts";
import type { Caller } from "../../bench/contender.ts";
import type { Client } from "../../rig/client.ts";

export type Step = "send" | "verify" | "refresh" | "logout" | "ready";

/** One answer of the service, and when it was asked for and had, by `performance.now()`. */
export interface Answer {
  readonly step: Step;
  readonly askedAt: number;
  readonly endedAt: number;
  /** 0 where the connection broke. */
  readonly status: number;
  /** `ok`, or the error's code. */
  readonly code: string;
  readonly upstream: string | null;
  /** Of the header, in seconds. */
  readonly retryAfter: number | null;
  readonly data: AnswerData;
}

export interface AnswerData {
  readonly challengeId?: string;
  readonly delivery?: string;
  readonly tokens?: { readonly refreshToken: string };
  readonly refreshToken?: string;
}

/** A code in somebody's hands; no challenge id as in the apps of today. */
export interface HeldCode {
  /** E.164. */
  readonly phone: string;
  readonly code: string;
  readonly challengeId: string | null;
}

/** The service as a load of people uses it. No answer is an exception. */
export interface Service {
  send(phone: string, caller: Caller): Promise<Answer>;
  verify(held: HeldCode, caller: Caller): Promise<Answer>;
  refresh(refreshToken: string): Promise<Answer>;
  logout(refreshToken: string): Promise<Answer>;
  ready(): Promise<Answer>;
}

/** `onAnswer` gets every answer as it comes. */
export function createService(client: Client, onAnswer: (answer: Answer) => void): Service {
  const ask = async (step: Step, asked: () => ReturnType<Client["get"]>): Promise<Answer> => {
    const askedAt = performance.now();
    const { status, headers, body } = await asked().catch(() => NO_ANSWER);
    const { data = {}, error } = (body ?? {}) as Body;
    const retryAfter = headers["retry-after"] === undefined ? null : Number(headers["retry-after"]);
    const answer = {
      step,
      askedAt,
      endedAt: performance.now(),
      status,
      code: error?.code ?? (status === 200 ? "ok" : "no code"),
      upstream: error?.upstream ?? null,
      retryAfter,
      data,
    };
    onAnswer(answer);
    return answer;
  };
  const post = (step: Step, path: string, body: object, headers?: Readonly<Record<string, string>>) =>
    ask(step, () => client.post(`/api/v1/auth/${path}`, body, headers));
  return {
    send: (phone, caller) => post("send", "send-otp", { phone }, headersOf(caller)),
    verify: ({ phone, code, challengeId }, caller) =>
      post("verify", "verify-otp", { phone, otp: code, challengeId }, headersOf(caller)),
    refresh: (refreshToken) => post("refresh", "refresh", { refreshToken }),
    logout: (refreshToken) => post("logout", "logout", { refreshToken }),
    ready: () => ask("ready", () => client.get("/ready")),
  };
}

interface Body {
  readonly data?: AnswerData;
  readonly error?: { readonly code: string; readonly upstream?: string };
}

const NO_ANSWER = { status: 0, headers: {} as Record<string, string | undefined>, body: null };
