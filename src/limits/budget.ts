import { DAY_MS } from "../time.ts";
import type { Policy } from "../config/policy.ts";
import type { Budget } from "../store/send-port.ts";
import type { LimitName, Standing } from "./limit.ts";

const IN_ALL = "all";
const OF_ROLE = "role.";

type BudgetPolicy = Pick<Policy, "smsPerDay" | "smsPerDayPerCountry" | "smsPerDayPerRole">;

/** What an SMS of this role to this country draws on: the day's budget in all, and those of country and role. In UTC. */
export function budgetsFor(
  sms: { readonly country: string; readonly role: string; readonly now: number },
  policy: BudgetPolicy,
): readonly Budget[] {
  const date = new Date(sms.now).toISOString().slice(0, 10);
  const scopes = [IN_ALL];
  if (Object.hasOwn(policy.smsPerDayPerCountry, sms.country)) scopes.push(sms.country);
  if (Object.hasOwn(policy.smsPerDayPerRole, sms.role)) scopes.push(OF_ROLE + sms.role);
  return scopes.map((scope) => ({ date, scope }));
}

/** `count` includes this SMS. */
export function budgetStanding(
  { scope }: Pick<Budget, "scope">,
  count: number,
  at: { readonly now: number; readonly policy: BudgetPolicy },
): Standing {
  const [limit, quota] = budgetOf(scope, at.policy);
  return {
    limit,
    quota,
    windowSeconds: DAY_MS / 1000,
    remaining: Math.max(0, quota - count),
    waitMs: count > quota ? DAY_MS - (at.now % DAY_MS) : 0,
  };
}

function budgetOf(scope: string, policy: BudgetPolicy): readonly [LimitName, number] {
  if (scope === IN_ALL) return ["smsPerDay", policy.smsPerDay];
  const role = scope.startsWith(OF_ROLE) ? scope.slice(OF_ROLE.length) : null;
  if (role !== null) return ["smsPerDayPerRole", policy.smsPerDayPerRole[role] ?? 0];
  return ["smsPerDayPerCountry", policy.smsPerDayPerCountry[scope] ?? 0];
}
