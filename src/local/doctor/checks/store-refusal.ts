import type { Finding, Says } from "../finding.ts";
import { fixOf, sentenceOf } from "../network-fault.ts";
import type { StoreAnswer, StoreRefusal } from "../store-rest.ts";

const WORDS = {
  token: [
    "The store refuses the token.",
    'Copy UPSTASH_REDIS_REST_TOKEN anew from the Upstash console, "REST API"; it belongs to the URL beside it.',
  ],
  read_only: [
    "The token may read and not write.",
    "Take the standard token of the Upstash console, not the read-only one: every request of the service writes.",
  ],
  quota: [
    "The store refuses, since its quota is used up.",
    "Look at the usage in the Upstash console, and move the database to a larger plan.",
  ],
  unknown_command: [
    "The store does not know a command that the service needs.",
    "Use a database that is compatible with Redis 7.",
  ],
  other: ["The store refuses the command.", "Look at the database in the Upstash console."],
} as const satisfies Record<StoreRefusal, readonly [string, string]>;

export function refusedBy(says: Says, refusal: StoreRefusal): Finding {
  const [message, fix] = WORDS[refusal];
  return says.fail(message, fix);
}

/** What to say of an answer that is no list of replies. */
export function noReplies(
  says: Says,
  answer: Exclude<StoreAnswer, { kind: "replies" }>,
  host: string,
): Finding {
  if (answer.kind === "refused") return refusedBy(says, answer.refusal);
  if (answer.kind === "fault") return says.fail(sentenceOf(answer.fault, host), fixOf(answer.fault));
  return says.fail(
    `${host} answers with status ${answer.status}, and not as the REST API of a Redis does.`,
    "Copy UPSTASH_REDIS_REST_URL anew from the Upstash console.",
  );
}
