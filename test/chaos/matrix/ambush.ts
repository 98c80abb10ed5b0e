import type { Exchange, Fault } from "../../harness/fault-proxy.ts";

/** Which of a request's exchanges a fault meets: the first alone, every one, or every one but the first. */
export type Mode = "once" | "lasting" | "later";

export interface Circumstances {
  /** Of those that the fault meets, from 0. */
  readonly index: number;
  /** The moment when the caller has been answered. */
  readonly answered: Promise<void>;
  /** Of a server without TLS. */
  readonly plainUrl: string;
}

/** What happens to one exchange. */
export type PlanFault = (exchange: Exchange, circumstances: Circumstances) => Fault;

/** A fault that waits for the exchanges of one request, and of no other. */
export interface Ambush {
  /** The exchanges that it has met so far. */
  readonly met: readonly Exchange[];
  /** Tells late ones that the caller has been answered, and waits until the upstream is done with all of them. */
  settle(): Promise<void>;
}

/** The ambushes at one upstream, by whatever tells one request's exchanges from all others. */
export interface Ambushes {
  readonly faultOf: (exchange: Exchange) => Fault;
  lay(key: string, fault: PlanFault, mode: Mode): Ambush;
  lift(key: string): void;
}

interface Laid {
  readonly fault: PlanFault;
  readonly mode: Mode;
  readonly met: Exchange[];
  readonly answered: Promise<void>;
  /** Exchanges so far, met or not. */
  seen: number;
}

export function createAmbushes(keyOf: (exchange: Exchange) => string, plainUrl: string): Ambushes {
  const laid = new Map<string, Laid>();
  return {
    faultOf(exchange) {
      const here = laid.get(keyOf(exchange));
      if (here === undefined) return "pass";
      const isFirst = here.seen === 0;
      here.seen += 1;
      if ((here.mode === "once" && !isFirst) || (here.mode === "later" && isFirst)) return "pass";
      const index = here.met.push(exchange) - 1;
      return here.fault(exchange, { index, answered: here.answered, plainUrl });
    },
    lay(key, fault, mode) {
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      const met: Exchange[] = [];
      laid.set(key, { fault, mode, met, answered, seen: 0 });
      return {
        met,
        async settle() {
          resolve();
          await Promise.all(met.map(({ settled }) => settled));
        },
      };
    },
    lift: (key) => void laid.delete(key),
  };
}

/** The Worker passes its caller's trace on to the store, and writes the number to SNS. */
export const traceIdOf = ({ headers }: Exchange): string =>
  String(headers["traceparent"]).split("-")[1] ?? "";
export const phoneOf = ({ body }: Exchange): string => new URLSearchParams(body).get("PhoneNumber") ?? "";
