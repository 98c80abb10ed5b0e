import type { Exchange } from "../exchange.ts";
import type { Dump } from "../system/dump.ts";
import type { Reference } from "./reference.ts";

/** What is counted or listed when something is sent: nothing else may grow, and these only by what was sent. */
const COUNTED = /^(?:ip:send:|day:|log:|pfx:|cty:[A-Z]+:sent:|net:[^:]+:sent:)/;

/**
 * A send that is refused or failed, or that repeats one that was made, adds nothing to any count, but to that of its
 * address where SNS refused it. A guess that is refused opens no session, and keeps no place in the day unless it was
 * overtaken.
 */
export function createRefusals(): Reference {
  return { see: (exchange) => [...countedFor(exchange), ...leftByGuesses(exchange)] };
}

function countedFor({ ask, answer, storeFailed, sms, beside, before, after }: Exchange): readonly string[] {
  if (ask.kind !== "send" || answer === null || storeFailed || beside.length > 0) return [];
  if (sms.some(({ isMaybeSent }) => isMaybeSent)) return [];
  return [...after].flatMap(([key, { value }]) => {
    if (!COUNTED.test(key)) return [];
    if (answer.code === "OTP_SEND_FAILED" && key.startsWith("ip:")) return [];
    const grown = grownIn(value, before.get(key)?.value);
    return grown === null ? [] : [`${answer.code} adds to ${kindOf(key)}: ${grown}`];
  });
}

function leftByGuesses({ group, before, after }: Exchange): readonly string[] {
  const verifies = group.filter(({ ask }) => ask.kind === "verify");
  if (verifies.length === 0 || group.some(({ answer, storeFailed }) => answer === null || storeFailed))
    return [];
  const count = (code: string) => verifies.filter(({ answer }) => answer?.code === code).length;
  const opened = openSessions(after) - openSessions(before);
  const placed = places(after) - places(before);
  // What was overtaken keeps its place, and whoever asked may go on to one of his own send's.
  const atLarge = verifies.filter(({ ask }) => ask.challenge === null).length;
  const mostPlaced = group.length > 1 ? 2 * atLarge : count("OTP_INVALID");
  return [
    ...(opened <= count("OK") ? [] : [`${opened} sessions for ${count("OK")} sign-ins`]),
    ...(placed <= mostPlaced ? [] : [`${placed} places for ${count("OTP_INVALID")} guesses`]),
  ];
}

function openSessions(dump: Dump): number {
  return [...dump].filter(([key, { value }]) => key.startsWith("session:") && value.includes('"record"'))
    .length;
}

function places(dump: Dump): number {
  const logs = [...dump].filter(([key]) => key.startsWith("log:"));
  return logs.reduce((sum, [, { value }]) => sum + value.split(".!").length - 1, 0);
}

/** What of a value was not there before; null where nothing was. */
function grownIn(value: string, before: string | undefined): string | null {
  const [now, then] = [readCounts(value), readCounts(before ?? "null")];
  const grown = [...now].filter(([name, count]) => count > (then.get(name) ?? 0));
  return grown.length === 0 ? null : JSON.stringify(grown);
}

/** A counter, the counters of a hash, or members with their scores, each of which is one. */
function readCounts(value: string): ReadonlyMap<string, number> {
  const parsed: unknown = JSON.parse(value);
  if (!Array.isArray(parsed)) return new Map([["", Number(parsed ?? 0)]]);
  const pairs = parsed.map(String);
  return new Map(
    pairs.flatMap((name, index) => (index % 2 === 0 ? [[name, Number(pairs[index + 1])] as const] : [])),
  );
}

function kindOf(key: string): string {
  return key.replace(/:.*/, "");
}
