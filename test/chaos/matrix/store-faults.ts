import { setTimeout } from "node:timers/promises";
import type { Exchange, Fault } from "../../harness/fault-proxy.ts";
import type { PlanFault } from "./ambush.ts";
import type { StoreVerdict, WireFault } from "./fault.ts";

const JSON_TYPE = { "content-type": "application/json" };
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

/** Name, verdict, fault; and whether the store has done its work. */
type Row = readonly [name: string, verdict: StoreVerdict, plan: PlanFault, isExecuted?: true];

const rows: readonly Row[] = [
  ["drops the request", "heals", always("drop_before")],
  ["drops the reply", "heals", always("drop_after"), true],
  ["never answers", "heals", always("hang_before")],
  ["executes and never answers", "heals", always("hang_after"), true],
  ["executes after the answer", "heals", (_, answered) => ({ after: answered }), true],
  ["is slow", "harmless", () => ({ answerAfter: setTimeout(SLOW_MS) }), true],
  ["executes twice", "harmless", always("duplicate"), true],
  ["breaks off after the headers", "heals", always("cut_after_headers"), true],
  ["breaks off in the body", "heals", always("cut_in_body"), true],
  ["stalls in the body", "heals", always("stall_in_body"), true],
  ["drips a byte at a time", "heals", always("drip"), true],
  ["answers without end", "heals", always({ endless: " " }), true],
  ["answers 500 in JSON", "fails", always(refusal(500, "ERR internal"))],
  ["answers 500 with nothing", "fails or heals", always(answer(500, ""))],
  [
    "answers 503 in HTML",
    "fails or heals",
    always(answer(503, "<html>busy</html>", { "content-type": "text/html" })),
  ],
  ["answers 503 with nothing", "fails or heals", always(answer(503, ""))],
  ["answers 429 in JSON", "fails", always(refusal(429, "ERR rate limited"))],
  ["answers 429 with nothing", "fails or heals", always(answer(429, ""))],
  [
    "answers 200 in HTML",
    "fails or heals",
    always(answer(200, "<html>hello</html>", { "content-type": "text/html" })),
  ],
  ["answers 200 with nothing", "fails or heals", always(answer(200, ""))],
  ["answers null", "fails or heals", always(answer(200, "null"))],
  ["answers an object", "fails or heals", always(answer(200, '{"result":"OK"}'))],
  ["answers no replies", "fails or heals", rewriting(() => []), true],
  ["answers too few replies", "fails or heals", rewriting((replies) => replies.slice(0, -1)), true],
  ["answers too many replies", "fails or heals", rewriting((replies) => [...replies, { result: 1 }]), true],
  ["answers null in each reply", "fails", changing(() => ({ result: null })), true],
  ["answers text for numbers", "fails or heals", changing(textForNumbers), true],
  ["answers a hash of somebody else", "fails", changing(strangeHash), true],
  [
    "answers a text for a hash",
    "fails",
    changing((reply, command) => (isHash(command) ? { result: "OK" } : reply)),
    true,
  ],
  ["refuses the token (WRONGPASS)", "fails", always(refusal(401, "WRONGPASS invalid or missing auth token"))],
  ["wants a login (NOAUTH)", "fails", always(refusal(401, "NOAUTH Authentication required."))],
  [
    "is read-only (READONLY)",
    "fails",
    changing(() => ({ error: "READONLY You can't write against a read only replica." })),
  ],
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
export const storeFaults: readonly WireFault[] = rows.map(([name, verdict, plan, isExecuted = false]) => ({
  name,
  upstream: "store",
  verdict,
  plan,
  isExecuted,
}));
