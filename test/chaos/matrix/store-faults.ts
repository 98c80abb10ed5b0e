import { setTimeout } from "node:timers/promises";
import type { Exchange, Fault } from "../../harness/fault-proxy.ts";
import type { PlanFault } from "./ambush.ts";
import type { Read, StoreVerdict, WireFault } from "./fault.ts";

const JSON_TYPE = { "content-type": "application/json" };
const HTML = { "content-type": "text/html" };
const answer = (
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = JSON_TYPE,
): Fault => ({
  status,
  body,
  headers,
});
const refusal = (status: number, error: string): Fault => answer(status, JSON.stringify({ error }));

/** Well within every time-out of the matrix, in ms. */
const SLOW_MS = 60;

type Reply = { readonly result?: unknown; readonly error?: unknown };
type Change = (reply: Reply, command: readonly string[], index: number) => Reply;

/** Changes the replies of a transaction, one by one. */
function changing(change: Change): PlanFault {
  return ({ body }: Exchange) => {
    const commands = JSON.parse(body) as (readonly string[])[];
    return {
      rewrite: (text) =>
        JSON.stringify(
          (JSON.parse(text) as Reply[]).map((reply, index) => change(reply, commands[index] ?? [], index)),
        ),
    };
  };
}

const rewriting =
  (rewrite: (replies: Reply[]) => unknown): PlanFault =>
  () => ({ rewrite: (text) => JSON.stringify(rewrite(JSON.parse(text) as Reply[])) });

const isHash = ([name = ""]: readonly string[]): boolean => name.toLowerCase() === "hgetall";

const always =
  (fault: Fault): PlanFault =>
  () =>
    fault;

/** Name, verdict, fault; whether the store has done its work; and what it lies about. */
type Row = readonly [name: string, verdict: StoreVerdict, plan: PlanFault, isExecuted?: true, about?: Read];

const rows: readonly Row[] = [
  ["drops the request", "heals", always("drop_before")],
  ["drops the reply", "heals", always("drop_after"), true],
  [
    "drops the reply, and then requests",
    "heals",
    (_, { index }) => (index === 0 ? "drop_after" : "drop_before"),
    true,
  ],
  ["never answers", "heals", always("hang_before")],
  ["executes and never answers", "heals", always("hang_after"), true],
  ["executes after the answer", "heals", (_, { answered }) => ({ after: answered }), true],
  ["is slow", "harmless", () => ({ answerAfter: setTimeout(SLOW_MS) }), true],
  ["executes twice", "harmless", always("duplicate"), true],
  ["breaks off after the headers", "heals", always("cut_after_headers"), true],
  ["breaks off in the body", "heals", always("cut_in_body"), true],
  ["stalls in the body", "heals", always("stall_in_body"), true],
  ["drips a byte at a time", "heals", always("drip"), true],
  ["answers without end", "heals", always({ endless: " " }), true],
  ["answers 500 in JSON", "fails", always(refusal(500, "ERR internal"))],
  ["answers 500 with nothing", "heals", always(answer(500, ""))],
  ["answers 503 in HTML", "heals", always(answer(503, "<html>busy</html>", HTML))],
  ["answers 503 with nothing", "heals", always(answer(503, ""))],
  ["answers 429 in JSON", "fails", always(refusal(429, "ERR rate limited"))],
  ["answers 429 with nothing", "heals", always(answer(429, ""))],
  ["answers 200 in HTML", "heals", always(answer(200, "<html>hello</html>", HTML))],
  ["answers 200 with nothing", "heals", always(answer(200, ""))],
  ["redirects to http", "heals", (_, { plainUrl }) => answer(307, "", { Location: plainUrl })],
  ["answers null", "heals", always(answer(200, "null"))],
  ["answers an object", "heals", always(answer(200, '{"result":"OK"}'))],
  ["answers no replies", "heals", rewriting(() => []), true],
  ["answers too few replies", "heals", rewriting((replies) => replies.slice(0, -1)), true],
  ["answers too many replies", "heals", rewriting((replies) => [...replies, { result: 1 }]), true],
  ["answers null in each reply", "fails", changing(() => ({ result: null })), true, "anything"],
  ["answers text for numbers", "fails", changing(textForNumbers), true, "numbers"],
  ["answers a hash of somebody else", "fails", changing(strangeHash), true, "hashes"],
  ["answers a hash with spoilt values", "fails", changing(spoiltHash), true, "hashes"],
  ["answers a text for a hash", "fails", changing(textForHash), true, "hashes"],
  ["refuses the token (WRONGPASS)", "fails", always(refusal(401, "WRONGPASS invalid or missing auth token"))],
  ["wants a login (NOAUTH)", "fails", always(refusal(401, "NOAUTH Authentication required."))],
  ["is read-only (READONLY)", "fails", readOnly],
  ["is out of memory for one command (OOM)", "fails", changing(outOfMemory), true],
  [
    "is over its quota",
    "fails",
    always(refusal(400, "ERR max requests limit exceeded. Limit: 10000, Usage: 10000.")),
  ],
  [
    "loads its data (LOADING)",
    "fails",
    always(refusal(400, "LOADING Redis is loading the dataset in memory")),
  ],
];

/** Nothing is executed, and each command is refused by itself. */
function readOnly({ body }: Exchange): Fault {
  const error = "READONLY You can't write against a read only replica.";
  return answer(200, JSON.stringify((JSON.parse(body) as unknown[]).map(() => ({ error }))));
}

function textForHash(reply: Reply, command: readonly string[]): Reply {
  return isHash(command) ? { result: "OK" } : reply;
}

/** Keeps the names of the fields. */
function spoiltHash(reply: Reply, command: readonly string[]): Reply {
  if (!isHash(command) || !Array.isArray(reply.result)) return reply;
  return { result: reply.result.map((text: unknown, index) => (index % 2 === 0 ? text : "spoilt")) };
}

function textForNumbers(reply: Reply): Reply {
  return typeof reply.result === "number" ? { result: `${reply.result}x` } : reply;
}

function strangeHash(reply: Reply, command: readonly string[]): Reply {
  return isHash(command) ? { result: ["stranger", "1"] } : reply;
}

function outOfMemory(reply: Reply, _: readonly string[], index: number): Reply {
  return index === 1 ? { error: "OOM command not allowed when used memory > 'maxmemory'." } : reply;
}

/** All that a store, or the way to it, can do to one exchange. */
export const storeFaults: readonly WireFault[] = rows.map(
  ([name, verdict, plan, isExecuted = false, about = null]) => ({
    name,
    upstream: "store",
    verdict,
    plan,
    isExecuted,
    about,
  }),
);
