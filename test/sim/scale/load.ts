import type { Demand, Demands, Operation } from "./demand.ts";
import { MONTH_AFTER, SIGN_IN } from "./mix.ts";

/** What one sign-in asks for, in all its requests together. */
export type Load = Omit<Demand, "each"> & { readonly requests: number };

export interface Loads {
  /** Code, guess, and what goes wrong on the way. */
  readonly signIn: Load;
  /** With a month of refreshes. */
  readonly withMonth: Load;
}

export function loadsOf(demands: Demands): Loads {
  return {
    signIn: loadOf(SIGN_IN, demands),
    withMonth: loadOf(new Map([...SIGN_IN, ...MONTH_AFTER]), demands),
  };
}

export function loadOf(mix: ReadonlyMap<Operation, number>, demands: Demands): Load {
  const sum = (of: (demand: Demand) => number) =>
    [...mix].reduce((total, [operation, times]) => total + times * of(demandOf(operation, demands)), 0);
  return {
    requests: sum(() => 1),
    transactions: sum(({ transactions }) => transactions),
    commands: sum(({ commands }) => commands),
    bytes: sum(({ bytes }) => bytes),
    writing: sum(({ writing }) => writing),
    publishes: sum(({ publishes }) => publishes),
  };
}

export function demandOf(operation: Operation, demands: Demands): Demand {
  const demand = demands.get(operation);
  if (demand === undefined) throw new Error(`${operation} was not measured`);
  return demand;
}
