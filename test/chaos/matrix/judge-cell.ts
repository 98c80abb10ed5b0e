import type { Cell } from "./cell.ts";
import type { SnsVerdict, StoreVerdict } from "./fault.ts";
import { TIMEOUTS } from "./stage.ts";
import { tell } from "./steps.ts";

/** What tidying up after a failed send may add, and what a busy machine does, in ms. */
const BRIEFLY_MS = 250;
const BUSY_MS = 1500;

/** Every promise that a cell breaks, a sentence each. Pure. */
export function judgeCell(cell: Cell): readonly string[] {
  const { answer, met, sms, left, wayIn, broken, fault } = cell;
  const isOfSms = "store" !== fault.upstream;
  return [
    ...answer.violations,
    ...(met === 0 ? ["the fault met nothing"] : []),
    ...(isOfSms ? judgeSms(cell, fault.verdict) : judgeStore(cell, fault.verdict)),
    ...(answer.ms > mostMs(cell) ? [`it took ${Math.round(answer.ms)} ms`] : []),
    ...(sms > mostSms(cell) ? [`${sms} SMS`] : []),
    ...left.withoutTtl.map((key) => `${key} has no TTL`),
    ...(wayIn === null ? ["the person does not get in afterwards"] : []),
    ...broken,
  ];
}

function judgeStore(cell: Cell, verdict: StoreVerdict): readonly string[] {
  const { action, answer, isDone, sms } = cell;
  const isDown =
    answer.status === 503 && answer.code === "SERVICE_UNAVAILABLE" && answer.error["upstream"] === "store";
  const wanted = isDone && action.sends ? 1 : 0;
  const wrongSms = sms === wanted ? [] : [`${sms} SMS for ${tell(answer)}`];
  const allowed = allowedOf(cell, verdict);
  const isAllowed = (allowed.done && isDone) || (allowed.down && isDown);
  return [...(isAllowed ? [] : [`answered ${tell(answer)}`]), ...wrongSms];
}

function allowedOf(
  { mode, action, fault }: Cell,
  verdict: StoreVerdict,
): { readonly done: boolean; readonly down: boolean } {
  const about = ("about" in fault ? fault.about : null) ?? null;
  const { to, reads } = (mode === "later" ? action.later : null) ?? { to: "down", reads: action.reads };
  const isUnread = about !== null && !reads.includes(about);
  if (verdict === "harmless" || isUnread || to === "done") return { done: true, down: false };
  const isSingle = mode === "once" && action.isRepeated;
  if (verdict === "heals") return { done: isSingle, down: !isSingle };
  return { done: false, down: true };
}

/** What a caller hears, and how many SMS there are, of one publish that fails and of all. */
const EXPECTED = {
  "next region": { once: ["accepted", 1], lasting: ["503 SERVICE_UNAVAILABLE", 0] },
  // The one place where two SMS go out: SNS took the first and said that it did not. They hold the same code.
  "taken twice": { once: ["accepted", 2], lasting: ["503 SERVICE_UNAVAILABLE", 2] },
  refused: { once: ["502 OTP_SEND_FAILED", 0], lasting: ["502 OTP_SEND_FAILED", 0] },
  "unconfirmed, not sent": { once: ["unconfirmed", 0], lasting: ["unconfirmed", 0] },
  "unconfirmed, sent": { once: ["unconfirmed", 1], lasting: ["unconfirmed", 1] },
  accepted: { once: ["accepted", 1], lasting: ["accepted", 1] },
} as const satisfies Record<SnsVerdict, Record<"once" | "lasting", readonly [string, number]>>;

function judgeSms({ answer, mode, sms }: Cell, verdict: SnsVerdict): readonly string[] {
  const [wanted, count] = EXPECTED[verdict][mode === "once" ? "once" : "lasting"];
  const said = answer.status === 200 ? String(answer.data["delivery"]) : tell(answer);
  return [
    ...(said === wanted ? [] : [`answered ${said} instead of ${wanted}`]),
    ...(sms === count ? [] : [`${sms} SMS instead of ${count}`]),
  ];
}

function mostSms({ fault }: Cell): number {
  return fault.verdict === "taken twice" ? 2 : 1;
}

function mostMs({ action, fault }: Cell): number {
  const { storeTimeoutMs, smsTimeoutMs } = TIMEOUTS;
  if (fault.upstream === "sns") return smsTimeoutMs + BUSY_MS;
  return (action.isRepeated ? 2 * storeTimeoutMs + BRIEFLY_MS : storeTimeoutMs) + BUSY_MS;
}
