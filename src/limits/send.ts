import { DAY_MS } from "../time.ts";
import type { InvocationId } from "../ids.ts";
import { isProven, tagOf } from "../ids.ts";
import type { Policy } from "../config/policy.ts";
import type { Invocation, LoggedSend, OpenedSend, OpenSend, SendRun } from "../store/send-port.ts";
import { addressStanding } from "./address.ts";
import { budgetStanding } from "./budget.ts";
import type { Standing } from "./limit.ts";
import type { AllowedSend } from "./subject.ts";
import { allowedSends, isCovered, subjectStandings } from "./subject.ts";

/** What the store says of a send, and which others are known to have sent nothing. */
export interface KnownSend extends OpenedSend {
  readonly neverSent: ReadonlySet<InvocationId>;
}

type Decided = Pick<OpenSend, "subject" | "invocation" | "now" | "budgets">;

/** Where a send stands with every limit on it, all from one reply, the budgets last. A test number has no limits but its address's. */
export function sendStandings(
  send: Decided,
  opened: KnownSend,
  { policy, isTest }: { readonly policy: Policy; readonly isTest: boolean },
): readonly Standing[] {
  const { now } = send;
  return [
    ...(isTest ? [] : standingsNow(send, opened, policy)),
    addressStanding({ limit: "sendsPerHourPerIp", quota: policy.sendsPerHourPerIp }, opened.count, now),
    // A count that is missing refuses.
    ...send.budgets.map((budget, index) =>
      budgetStanding(budget, opened.budgetCounts[index] ?? Infinity, { now, policy }),
    ),
  ];
}

/** Where the subject stands after this send. */
export function standingsAfter(send: Decided, opened: KnownSend, policy: Policy): readonly Standing[] {
  const others = othersAllowed(send, opened, policy);
  const asked = askedBy(send);
  const isReserve = subjectStandings(others, asked, policy).some(
    ({ limit }) => limit === "sendsPerDayReserve",
  );
  const own = { ...asked, member: send.invocation.id, at: asked.now, asker: null, isReserve };
  return subjectStandings([...others, own], asked, policy);
}

/** Where the subject stands with a send that was made before. */
export function standingsNow(send: Decided, opened: KnownSend, policy: Policy): readonly Standing[] {
  return subjectStandings(othersAllowed(send, opened, policy), askedBy(send), policy);
}

/** How many refused sends may wait in a log for a withdrawal that is overdue: far fewer than it has room for. */
const MOST_OVERDUE = 20;

/**
 * Those in the log that count for nothing, but fill it: past, or known to have sent nothing; and those that stand as
 * refused, once they are a crowd. One that comes late can make an allowed send look refused: while it counts for nobody,
 * or in its place, that send must not be forgotten. What has made a send look refused stays until that one is past too:
 * without it the refused one would count, and another in its place would not.
 */
export function staleSends(
  { log, neverSent }: KnownSend,
  at: { readonly now: number; readonly overdueMs: number },
  policy: Policy,
): readonly LoggedSend[] {
  const silent = new Set<LoggedSend["member"]>(neverSent);
  const counted = log.filter(({ member }) => !silent.has(member));
  const standingSends = allowedSends(counted, policy);
  const allowed = new Set(standingSends.map(({ member }) => member));
  const windowMs = DAY_MS + policy.codeLifetimeSeconds * 1000;
  const pastAt = at.now - windowMs;
  const refused = counted.filter(
    (logged) => logged.at > pastAt && !allowed.has(logged.member) && !isCovered(logged, standingSends),
  );
  const overdue = refused.filter((logged) => logged.at < at.now - at.overdueMs);
  const crowd = new Set(overdue.length > MOST_OVERDUE ? overdue : []);
  const standing = refused.filter((logged) => !crowd.has(logged));
  const goneAt = Math.min(pastAt, ...standing.map((logged) => logged.at - windowMs));
  const isStale = (logged: LoggedSend) =>
    silent.has(logged.member) ||
    crowd.has(logged) ||
    logged.at <= (allowed.has(logged.member) ? goneAt : pastAt);
  return log.filter(isStale);
}

/** Decided by which others are in the reply: whoever came first is in mine, and I am not in theirs. */
function othersAllowed(send: Decided, opened: KnownSend, policy: Policy): readonly AllowedSend[] {
  const none = new Set<LoggedSend["member"]>([
    ...countingAsOne(send.invocation, opened.runs),
    ...opened.neverSent,
  ]);
  return allowedSends(
    opened.log.filter(({ member }) => !none.has(member)),
    policy,
  );
}

function askedBy({ subject, invocation, now }: Decided) {
  return { now, of: tagOf(subject), kind: isProven(invocation.id) ? "proven" : "send" } as const;
}

/**
 * The executions that count as this one: those of the same key that are known to have sent nothing. One that died may have
 * sent, and counts for itself, for its successor as for everybody else.
 */
function countingAsOne(own: Invocation, runs: readonly SendRun[]): ReadonlySet<InvocationId> {
  const silent = runs.filter(({ outcome }) => outcome?.kind === "failed");
  return new Set([own.id, ...silent.map(({ invocation }) => invocation.id)]);
}
