import { Agent } from "node:https";
import { parseJson } from "../parse-json.ts";
import { ask } from "./ask.ts";
import type { NetworkFault } from "./network-fault.ts";

/** Why the store refuses, by what its refusals are known to say (Upstash's documentation, "Troubleshooting"). */
export type StoreRefusal = "token" | "read_only" | "quota" | "unknown_command" | "other";

export type StoreAnswer =
  /** `replies` of as many commands as were sent, a refused one as a refusal. */
  | { readonly kind: "replies"; readonly replies: readonly StoreReply[]; readonly elapsedMs: number }
  | { readonly kind: "refused"; readonly refusal: StoreRefusal }
  /** Something answers, but it is not the REST API. */
  | { readonly kind: "foreign"; readonly status: number }
  | { readonly kind: "fault"; readonly fault: NetworkFault };

export type StoreReply = { readonly result: unknown } | { readonly refusal: StoreRefusal };

export interface StoreRest {
  /** One command, or several in one `/multi-exec`, sent once. */
  run(commands: readonly (readonly string[])[]): Promise<StoreAnswer>;
  close(): void;
}

/** The REST API without the SDK, whose errors hide the HTTP status and quote the command. One connection, kept. */
export function openStoreRest(options: {
  readonly url: string;
  readonly token: string;
  readonly trust: string | null;
  readonly timeoutMs: number;
}): StoreRest {
  const { token, trust, timeoutMs } = options;
  const base = options.url.replace(/\/+$/, "");
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return {
    close: () => agent.destroy(),
    async run(commands) {
      const [only] = commands;
      const isOne = commands.length === 1;
      const startedAt = performance.now();
      const heard = await ask(isOne ? `${base}/` : `${base}/multi-exec`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify(isOne ? only : commands),
        trust,
        timeoutMs,
        agent,
      });
      if (!heard.ok) return { kind: "fault", fault: heard.fault };
      return readAnswer(heard, commands.length, performance.now() - startedAt);
    },
  };
}

function readAnswer(
  { status, body }: { readonly status: number; readonly body: string },
  count: number,
  elapsedMs: number,
): StoreAnswer {
  const parsed = parseJson(body);
  if (typeof parsed === "object" && parsed !== null && "error" in parsed)
    return { kind: "refused", refusal: refusalOf(parsed.error) };
  if (status === 401 || status === 403) return { kind: "refused", refusal: "token" };
  const replies = (count === 1 ? [parsed] : Array.isArray(parsed) ? parsed : []).map(readReply);
  const isWhole = replies.length === count && replies.every((reply) => reply !== null);
  return status === 200 && isWhole ? { kind: "replies", replies, elapsedMs } : { kind: "foreign", status };
}

function readReply(reply: unknown): StoreReply | null {
  if (typeof reply !== "object" || reply === null) return null;
  if ("error" in reply) return { refusal: refusalOf(reply.error) };
  return "result" in reply ? { result: reply.result } : null;
}

const REFUSALS: readonly (readonly [RegExp, StoreRefusal])[] = [
  [/WRONGPASS|NOAUTH|unauthorized|auth token/i, "token"],
  [/NOPERM|READONLY|read.?only/i, "read_only"],
  [/requests? limit|quota|bandwidth|OOM|max .*limit exceeded/i, "quota"],
  [/unknown|unsupported|not (supported|allowed|available)|disabled/i, "unknown_command"],
];

/** By words alone; the text itself, which can quote the command, is never shown. */
function refusalOf(error: unknown): StoreRefusal {
  const text = typeof error === "string" ? error : "";
  return REFUSALS.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
}
