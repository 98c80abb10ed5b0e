import type { Policy } from "../../../src/config/policy.ts";
import type { Exchange } from "../exchange.ts";
import type { Memory } from "../memory.ts";
import type { Facts } from "./facts.ts";

/** What a reference may look at beside the exchange itself. */
export interface Witness {
  readonly policy: Policy;
  /** What was known before the exchange. */
  readonly memory: Memory;
  /** The same. */
  readonly facts: Facts;
  /** How far the clocks of two locations lie apart at the most. */
  readonly apartMs: number;
}

/** One promise of DESIGN.md, kept track of in plain code. Tells what breaks it, in words; nothing where all is well. */
export interface Reference {
  see(exchange: Exchange, witness: Witness): readonly string[];
}
