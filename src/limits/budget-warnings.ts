import type { Budget } from "../store/send-port.ts";
import type { Standing } from "./limit.ts";

/** A day's budget that is nearly, or wholly, used up. */
export interface BudgetWarning {
  readonly limit: Standing["limit"];
  /** `all`, an ISO country code, or `role.` and a role. */
  readonly scope: string;
  readonly date: string;
  /** 80 or 100. */
  readonly percent: number;
  readonly quota: number;
}

/** Warns of a budget once an isolate, a day and a level, so that a log that rings is read. */
export interface BudgetWarnings {
  of(budget: Budget, standing: Standing): readonly BudgetWarning[];
}

const LEVELS = [80, 100];
const MOST_REMEMBERED = 1000;

export function createBudgetWarnings(): BudgetWarnings {
  const told = new Set<string>();
  return {
    of({ scope, date }, { limit, quota, remaining }) {
      const used = quota - remaining;
      const reached = LEVELS.filter((percent) => used * 100 >= quota * percent);
      const fresh = reached.filter((percent) => !told.has(`${date} ${scope} ${percent}`));
      if (told.size > MOST_REMEMBERED) told.clear();
      for (const percent of fresh) told.add(`${date} ${scope} ${percent}`);
      return fresh.map((percent) => ({ limit, scope, date, percent, quota }));
    },
  };
}
