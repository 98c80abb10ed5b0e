import type { Keyspace } from "./keyspace.ts";

/** A reply as RESP2 has it: an integer is a number, a bulk or status a string, nil null. */
export type Value = string | number | null | Value[];

/**
 * `arity` counts the command's own name, as COMMAND INFO does: 2 is exactly one argument, -2 at least one.
 * `run` gets the arguments after the name, answers, or throws a RedisError before it has changed anything.
 */
export interface Command {
  readonly arity: number;
  readonly run: (space: Keyspace, args: readonly string[]) => Value;
}

export type Commands = Readonly<Record<string, Command>>;
