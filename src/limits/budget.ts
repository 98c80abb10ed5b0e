import type { Policy } from "../config/policy.ts";
import type { Budget } from "../store/port.ts";
import type { Standing } from "./limit.ts";

const DAY_MS = 86_400_000;
const IN_ALL = "all";

/** The days' budgets that an SMS to this country draws on: in all, and the country's where it has one. Days are UTC. */
export function budgetsFor(country: string, now: number, policy: Policy): readonly Budget[] {
  const date = new Date(now).toISOString().slice(0, 10);
  const scopes = Object.hasOwn(policy.smsPerDayPerCountry, country) ? [IN_ALL, country] : [IN_ALL];
  return scopes.map((scope) => ({ date, scope }));
}

/** `count` includes this SMS. */
export function budgetStanding(budget: Budget, count: number, at: { now: number; policy: Policy }): Standing {
  const isTotal = budget.scope === IN_ALL;
  const quota = isTotal ? at.policy.smsPerDay : (at.policy.smsPerDayPerCountry[budget.scope] ?? 0);
  return {
    limit: isTotal ? "smsPerDay" : "smsPerDayPerCountry",
    quota,
    windowSeconds: DAY_MS / 1000,
    remaining: Math.max(0, quota - count),
    waitMs: count > quota ? DAY_MS - (at.now % DAY_MS) : 0,
  };
}
