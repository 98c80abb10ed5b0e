import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { StoreCounts } from "./counted-backend.ts";

export interface StartOptions {
  /** Where the certificate authority lives. */
  readonly directory: string;
  /** A real Redis, or null for the embedded engine; `isUnchecked` lets every command through. */
  readonly redis: { readonly url: string; readonly isUnchecked: boolean } | null;
  /** Counting costs time, so it is for when nobody measures that. */
  readonly isCounted: boolean;
}

export interface UpstreamState {
  readonly caPem: string;
  /** All bindings of the Worker but APPS and POLICY. */
  readonly bindings: Readonly<Record<string, string>>;
}

export type Asked =
  | { readonly what: "state" | "counts" | "transactions" | "messages" }
  | { readonly what: "sms"; readonly isUp: boolean }
  | { readonly what: "distances"; readonly storeMs: number; readonly smsMs: number };

export type Counts = { readonly publishes: number } & Partial<StoreCounts>;

/** An SMS that SNS took; `to` in E.164. */
export interface TakenSms {
  readonly to: string;
  readonly code: string;
}

/** Redis over HTTPS and SNS in a process of their own, so that what they cost is not the measuring process's. */
export interface ForkedUpstreams extends UpstreamState {
  /** How far away they are, there and back. */
  setDistances(storeMs: number, smsMs: number): Promise<void>;
  counts(): Promise<Counts>;
  /** The newest transactions, oldest first; none unless they are counted. */
  transactions(): Promise<readonly (readonly (readonly string[])[])[]>;
  /** The codes of all SMS since the last call, by E.164 number. */
  takeCodes(): Promise<ReadonlyMap<string, string>>;
  /** All SMS since the last call of this or `takeCodes`, oldest first. */
  takeMessages(): Promise<readonly TakenSms[]>;
  /** Ends SNS and whatever it was answering, or starts it again where it was. */
  setSms(isUp: boolean): Promise<void>;
  close(): Promise<void>;
}

const CHILD = fileURLToPath(import.meta.resolve("./upstreams-process.ts"));

export async function forkUpstreams(options: StartOptions): Promise<ForkedUpstreams> {
  const child = fork(CHILD, { execArgv: ["--no-warnings"], serialization: "advanced" });
  const waiting = new Map<number, (answer: unknown) => void>();
  let asks = 0;
  const ended = new Promise<never>((_, reject) => {
    child.once("exit", (code) => reject(new Error(`the upstreams ended with ${String(code)}`)));
  });
  ended.catch(() => undefined);
  child.on("message", ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer);
    waiting.delete(id);
  });
  const ask = async <Answer>(asked: Asked): Promise<Answer> => {
    const id = asks++;
    const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve));
    child.send({ id, asked });
    return (await Promise.race([answer, ended])) as Answer;
  };
  child.send(options);
  const state = await ask<UpstreamState>({ what: "state" });
  return {
    ...state,
    setDistances: (storeMs, smsMs) => ask({ what: "distances", storeMs, smsMs }),
    counts: () => ask({ what: "counts" }),
    transactions: () => ask({ what: "transactions" }),
    takeCodes: async () =>
      new Map((await ask<TakenSms[]>({ what: "messages" })).map(({ to, code }) => [to, code])),
    takeMessages: () => ask({ what: "messages" }),
    setSms: (isUp) => ask({ what: "sms", isUp }),
    async close() {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}
