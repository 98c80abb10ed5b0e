import { sendsPerDayInAllRoles } from "../config/policy.ts";
import type { PhoneId } from "../ids.ts";
import { tagOf } from "../ids.ts";
import { keys, ttl } from "./keys.ts";
import type { LoggedSend, OpenSend, WithdrawnSend } from "./send-port.ts";
import type { Pipeline, StoreSizes } from "./transaction.ts";
import { last } from "./transaction.ts";
import { formatLogged } from "./values.ts";

/** Refused sends stand in the log until they are withdrawn, so that it may hold some more than a day can allow. */
const SLACK = 50;

/** How many entries a decision reads. Whoever stands behind them finds the log full, and a flood's replies are small. */
export function mostLogged(sizes: StoreSizes): number {
  return sendsPerDayInAllRoles(sizes) + (sizes.roles ?? 1) * sizes.sendsPerDayReserve + SLACK;
}

/** Reads the log, oldest first. */
export function readEntries(tx: Pipeline, phoneId: PhoneId, sizes: StoreSizes): number {
  tx.zrange(keys.log(phoneId), 0, mostLogged(sizes) - 1, { withScores: true });
  return last(tx);
}

/** Exact sliding windows need every send of a day. */
export function logSend(tx: Pipeline, send: OpenSend, sizes: StoreSizes) {
  const log = keys.log(send.phoneId);
  tx.zadd(log, { nx: true }, { score: send.now, member: entryOf(send) });
  const read = readEntries(tx, send.phoneId, sizes);
  tx.expire(log, ttl.log);
  return { log: read };
}

export function unlogSend(tx: Pipeline, send: WithdrawnSend): void {
  tx.zrem(keys.log(send.phoneId), entryOf(send));
}

export function unlogAll(tx: Pipeline, phoneId: PhoneId, stale: readonly LoggedSend[]): void {
  const [first, ...rest] = stale.map(formatLogged);
  if (first !== undefined) tx.zrem(keys.log(phoneId), first, ...rest);
}

function entryOf({ subject, invocation, address, sendId }: WithdrawnSend | OpenSend): string {
  return formatLogged({ of: tagOf(subject), member: invocation.id, asker: { address, sendId } });
}
