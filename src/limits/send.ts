import type { Policy } from "../config/policy.ts";
import type { LoggedSend, OpenedSend, OpenSend } from "../store/port.ts";
import { addressStanding } from "./address.ts";
import { budgetStanding } from "./budget.ts";
import type { Standing } from "./limit.ts";
import { allowedSends, subjectStandings } from "./subject.ts";

type Decided = Pick<OpenSend, "sendId" | "now" | "budgets">;

/** Where a send stands with every limit on it, all from one reply (DESIGN section 3). */
export function sendStandings(send: Decided, opened: OpenedSend, policy: Policy): readonly Standing[] {
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
export function standingsAfter(send: Decided, opened: OpenedSend, policy: Policy): readonly Standing[] {
  const own = opened.log.find((logged) => logged.sendId === send.sendId) ?? {
    sendId: send.sendId,
    at: send.now,
  };
  return subjectStandings([...othersAllowed(send, opened, policy), own], send.now, policy);
}

/** Decided by which other ids are in the reply: whoever came first is in mine, and I am not in theirs. */
function othersAllowed(send: Decided, opened: OpenedSend, policy: Policy): readonly LoggedSend[] {
  return allowedSends(
    opened.log.filter((logged) => logged.sendId !== send.sendId),
    policy,
  );
}
