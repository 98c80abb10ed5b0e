import type { InvocationId } from "../ids.ts";
import type { Policy } from "../config/policy.ts";
import type { LoggedSend, OpenedSend, OpenSend } from "../store/port.ts";
import { countingAsOne } from "../otp/runs.ts";
import { addressStanding } from "./address.ts";
import { budgetStanding } from "./budget.ts";
import type { Standing } from "./limit.ts";
import { allowedSends, subjectStandings } from "./subject.ts";

/** What the store says of a send, and which others are known to have sent nothing. */
export interface KnownSend extends OpenedSend {
  readonly neverSent: ReadonlySet<InvocationId>;
}

type Decided = Pick<OpenSend, "invocation" | "now" | "budgets">;

/** Where a send stands with every limit on it, all from one reply. */
export function sendStandings(send: Decided, opened: KnownSend, policy: Policy): readonly Standing[] {
  const { now } = send;
  return [
    ...subjectStandings(othersAllowed(send, opened, policy), now, policy),
    addressStanding({ limit: "sendsPerHourPerIp", quota: policy.sendsPerHourPerIp }, opened.count, now),
    // A count that is missing refuses.
    ...send.budgets.map((budget, index) =>
      budgetStanding(budget, opened.budgetCounts[index] ?? Infinity, { now, policy }),
    ),
  ];
}

/** Where the subject stands after this send. */
export function standingsAfter(send: Decided, opened: KnownSend, policy: Policy): readonly Standing[] {
  const own = { invocation: send.invocation.id, at: send.now };
  return subjectStandings([...othersAllowed(send, opened, policy), own], send.now, policy);
}

/** Where the subject stands with a send that was made before. */
export function standingsNow(send: Decided, opened: KnownSend, policy: Policy): readonly Standing[] {
  return subjectStandings(othersAllowed(send, opened, policy), send.now, policy);
}

/** Those in the log that count for nothing, but fill it: their own withdrawal is overdue, or is known to have failed. */
export function staleSends(
  { log, neverSent }: KnownSend,
  at: { readonly now: number; readonly overdueMs: number },
  policy: Policy,
): readonly InvocationId[] {
  const allowed = new Set(allowedSends(log, policy));
  const isOverdue = (logged: LoggedSend) => !allowed.has(logged) && logged.at < at.now - at.overdueMs;
  return log
    .filter((logged) => neverSent.has(logged.invocation) || isOverdue(logged))
    .map(({ invocation }) => invocation);
}

/** Decided by which others are in the reply: whoever came first is in mine, and I am not in theirs. */
function othersAllowed(send: Decided, opened: KnownSend, policy: Policy): readonly LoggedSend[] {
  const own = countingAsOne(send.invocation, opened.runs);
  return allowedSends(
    opened.log.filter(({ invocation }) => !own.has(invocation) && !opened.neverSent.has(invocation)),
    policy,
  );
}
