import type { Value } from "./command.ts";
import type { Reply } from "./engine.ts";

/** What ioredis hands over, as a reply. An error that the server did not send is no reply: it is thrown. */
export function parseReply(received: unknown): Reply {
  if (!(received instanceof Error)) return { result: parseValue(received) };
  if (received.name === "ReplyError") return { error: received.message };
  throw received;
}

function parseValue(received: unknown): Value {
  if (received === null || typeof received === "string" || typeof received === "number") return received;
  if (typeof received === "bigint") return Number(received);
  if (Array.isArray(received)) return received.map(parseValue);
  throw new TypeError(`A reply of an unexpected kind: ${typeof received}`);
}
