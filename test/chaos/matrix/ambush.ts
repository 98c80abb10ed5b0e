import type { Exchange, Fault } from "../../harness/fault-proxy.ts";

/** When a fault meets a request: on its first try alone, or on every one. */
export type Mode = "once" | "lasting";

/** What happens to one exchange. It gets a promise of the moment when the caller has been answered. */
export type PlanFault = (exchange: Exchange, answered: Promise<void>) => Fault;

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
}

export function createAmbushes(keyOf: (exchange: Exchange) => string): Ambushes {
  const laid = new Map<string, Laid>();
  return {
    faultOf(exchange) {
      const here = laid.get(keyOf(exchange));
      if (here === undefined || (here.mode === "once" && here.met.length > 0)) return "pass";
      here.met.push(exchange);
      return here.fault(exchange, here.answered);
    },
    lay(key, fault, mode) {
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      const met: Exchange[] = [];
      laid.set(key, { fault, mode, met, answered });
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
