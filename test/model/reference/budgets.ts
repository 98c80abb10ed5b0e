import type { Policy } from "../../../src/config/policy.ts";
import type { Exchange } from "../exchange.ts";
import type { Reference } from "./reference.ts";

const HOUR_MS = 3_600_000;

/**
 * SMS of a UTC day, in all and of a role, are within the budget of the day; and by its own address or a budget nobody is
 * refused before as many were counted as that has.
 */
export function createBudgets(): Reference {
  /** By UTC day and scope. `maybe` has what may be counted too. */
  const sent = new Map<string, { sure: number; maybe: number }>();
  const ofAddress: { readonly name: string; readonly at: number; readonly isSure: boolean }[] = [];

  const countOf = (scope: string, at: number) => {
    const name = `${new Date(at).toISOString().slice(0, 10)} ${scope}`;
    const count = sent.get(name) ?? { sure: 0, maybe: 0 };
    sent.set(name, count);
    return count;
  };

  return {
    see(exchange, { policy }) {
      const { ask, answer, startedAt } = exchange;
      const limit = answer?.error["limit"];
      const quotas = { all: policy.smsPerDay, [ask.role]: policy.smsPerDayPerRole[ask.role] ?? Infinity };
      const wrong: string[] = [];
      const address = `${ask.kind} ${ask.caller}`;
      const asked = ofAddress.filter(
        ({ name, at }) => name === address && at > startedAt - 2 * HOUR_MS,
      ).length;
      // Whose reply was lost may have counted itself before it is asked again.
      const isOpen = exchange.beside.length > 0 || exchange.storeFailed;
      if (limit === "sendsPerHourPerIp" && asked < policy.sendsPerHourPerIp && !isOpen)
        wrong.push(`refuses an address after ${asked} sends`);
      if (limit === "verifiesPerHourPerIp" && asked < policy.verifiesPerHourPerIp && !isOpen)
        wrong.push(`refuses an address after ${asked} guesses`);
      if (limit === "smsPerDay" && countOf("all", startedAt).maybe < policy.smsPerDay && !isOpen)
        wrong.push("smsPerDay refuses too early");
      if (isAccepted(exchange)) {
        const others = ofAddress.filter(({ name, isSure }) => name === address && isSure).map(({ at }) => at);
        if (slidingCount(others, startedAt) > quotaOf(ask.kind, policy) - 1)
          wrong.push("an address has more than its hour");
      }
      // A counter that is repeated counts twice: it fails closed.
      const times = isCounted(exchange) ? exchange.storeTries : 0;
      for (let time = 0; time < times; time += 1)
        ofAddress.push({ name: address, at: startedAt, isSure: time === 0 && isAccepted(exchange) });
      if (ask.kind !== "send") return wrong;
      const isSent = exchange.sms.some(({ isMaybeSent }) => isMaybeSent);
      for (const [scope, quota] of Object.entries(quotas)) {
        const count = countOf(scope, startedAt);
        if (isSent) count.sure += 1;
        if (isBudgeted(exchange)) count.maybe += times;
        if (count.sure > quota) wrong.push(`${count.sure} SMS of ${scope} in a day, not ${quota}`);
      }
      return wrong;
    },
  };
}

/** Whether it was let through, and is counted for sure. */
function isAccepted({ ask, answer, sms }: Exchange): boolean {
  if (ask.kind === "send" && answer?.code === "OTP_SEND_FAILED") return true;
  if (answer === null || answer.status >= 500) return false;
  if (ask.kind === "send") return answer.code === "OK" && sms.some(({ isMaybeSent }) => isMaybeSent);
  const isUncounted = ask.challenge !== null || ask.role === "driver";
  return ask.kind === "verify" && !isUncounted && answer.code !== "OTP_RATE_LIMIT_EXCEEDED";
}

function quotaOf(kind: string, policy: Policy): number {
  return kind === "send" ? policy.sendsPerHourPerIp : policy.verifiesPerHourPerIp;
}

/** Of a sliding hour from two fixed ones: the hour before has the share that the sliding one still covers. */
function slidingCount(times: readonly number[], now: number): number {
  const hourOf = (at: number) => Math.floor(at / HOUR_MS);
  const inHour = (hour: number) => times.filter((at) => hourOf(at) === hour).length;
  return inHour(hourOf(now)) + (inHour(hourOf(now) - 1) * (HOUR_MS - (now % HOUR_MS))) / HOUR_MS;
}

/** Whether it stays counted at its address, or may: a counter that is not sure is never counted back twice. */
function isCounted(exchange: Exchange): boolean {
  const { ask, answer } = exchange;
  if (ask.kind === "verify") return ask.challenge === null;
  return isBudgeted(exchange) || answer?.code === "OTP_SEND_FAILED";
}

/** The same of the budget of SMS. */
function isBudgeted({ answer, storeFailed, sms }: Exchange): boolean {
  return answer === null || storeFailed || sms.some(({ isMaybeSent }) => isMaybeSent);
}
