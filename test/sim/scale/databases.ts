import { ceilingsOf, demandAtOne } from "./ceilings.ts";
import { HEADROOM, LIMITS } from "./limits.ts";
import type { Load } from "./load.ts";
import type { Stored } from "./storage.ts";

/** How many databases a rate of sign-ins in the busiest hour needs if it is spread evenly, none fuller than the headroom allows. */
export function databasesFor(rate: number, load: Load, stored: readonly Stored[]): number {
  const { commands, storage } = LIMITS;
  const used = Math.max(
    (rate * load.commands) / (commands.value * HEADROOM),
    (rate * demandAtOne("stored bytes", load, stored)) / storage.value,
  );
  return Math.max(1, Math.ceil(used));
}

/** The limits that are met at a rate, in their order, but for those that a form or a setting lifts on the first day. */
export function limitsMet(rate: number, load: Load, stored: readonly Stored[]): readonly string[] {
  const firstDay: ReadonlySet<string> = new Set([
    LIMITS.spend.name,
    LIMITS.freeRequests.name,
    LIMITS.ownBudget.name,
  ]);
  return ceilingsOf(load, stored)
    .filter((ceiling) => ceiling.rate <= rate && !firstDay.has(ceiling.name))
    .map(({ short }) => short);
}
