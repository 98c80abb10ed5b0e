import { randomBytes } from "node:crypto";
import type { Check } from "../examine.ts";
import type { Finding, Says } from "../finding.ts";
import type { StoreReply, StoreRest } from "../store-rest.ts";
import { noReplies, refusedBy } from "./store-refusal.ts";

const TTL_SECONDS = 60;

/**
 * A write, and a claim as the service makes them, in one `/multi-exec` each, on keys of their own that nobody else can
 * guess. They are deleted at the end, and go by themselves where that fails.
 */
export function claimChecks(store: StoreRest, host: string): readonly Check[] {
  const name = randomBytes(16).toString("hex");
  const [written, claimed] = [`doctor:${name}:write`, `doctor:${name}:claim`];
  return [
    { id: "store.write", needs: ["store.token"], run: (says) => checkWrite(says, store, { host, written }) },
    { id: "store.claim", needs: ["store.write"], run: (says) => checkClaim(says, store, { host, claimed }) },
    { id: "store.ttl", needs: ["store.claim"], run: (says) => checkTtl(says, store, { host, claimed }) },
    {
      id: "store.delete",
      needs: ["store.write"],
      async run(says) {
        const answer = await store.run([["DEL", written, claimed]]);
        if (answer.kind !== "replies") return noReplies(says, answer, host);
        return says.ok("The doctor's own keys are deleted.");
      },
    },
  ];
}

interface Place {
  readonly host: string;
}

async function checkWrite(says: Says, store: StoreRest, { host, written }: Place & { written: string }) {
  const answer = await store.run([
    ["SET", written, "1", "EX", String(TTL_SECONDS)],
    ["GET", written],
  ]);
  if (answer.kind !== "replies") return noReplies(says, answer, host);
  return (
    firstRefusal(says, answer.replies) ??
    (resultAt(answer.replies, 1) === "1"
      ? says.ok("A transaction writes, and reads what it wrote.")
      : says.fail("What was written is not what is read.", "Use a database without anything in between."))
  );
}

async function checkClaim(says: Says, store: StoreRest, { host, claimed }: Place & { claimed: string }) {
  const answer = await store.run([
    ["HSETNX", claimed, "winner", "first"],
    ["HSETNX", claimed, "winner", "second"],
    ["HGET", claimed, "winner"],
    ["EXPIRE", claimed, String(TTL_SECONDS)],
  ]);
  if (answer.kind !== "replies") return noReplies(says, answer, host);
  const refusal = firstRefusal(says, answer.replies);
  if (refusal !== null) return refusal;
  const [first, second, winner] = [0, 1, 2].map((at) => resultAt(answer.replies, at));
  if (first === 1 && second === 0 && winner === "first")
    return says.ok("Of two claims in one transaction the first wins.");
  return says.fail(
    "Two claims of one field do not end with the first as its winner.",
    "Use a database that is compatible with Redis 7: without claims a code could be used twice.",
  );
}

async function checkTtl(says: Says, store: StoreRest, { host, claimed }: Place & { claimed: string }) {
  // With a write in it the transaction runs on the primary; a bare read may come from a replica that lags.
  const answer = await store.run([
    ["HSETNX", claimed, "winner", "third"],
    ["TTL", claimed],
  ]);
  if (answer.kind !== "replies") return noReplies(says, answer, host);
  const left = resultAt(answer.replies, 1);
  if (typeof left === "number" && left > 0 && left <= TTL_SECONDS)
    return says.ok(`The claim has its TTL, ${left} s.`);
  return says.fail(
    "The claim has no TTL although it was given one.",
    "Use a database that is compatible with Redis 7: codes have to expire.",
  );
}

const resultAt = (replies: readonly StoreReply[], at: number): unknown => {
  const reply = replies[at];
  return reply !== undefined && "result" in reply ? reply.result : undefined;
};

function firstRefusal(says: Says, replies: readonly StoreReply[]): Finding | null {
  const refused = replies.find((reply) => "refusal" in reply);
  return refused !== undefined && "refusal" in refused ? refusedBy(says, refused.refusal) : null;
}
