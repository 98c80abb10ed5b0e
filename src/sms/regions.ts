import type { Breaker } from "./breaker.ts";
import type { Sms } from "./message.ts";
import { composeSms } from "./message.ts";
import type { PublishOutcome } from "./outcome.ts";
import type { CodeMessage, SendSms } from "./port.ts";
import type { Publish } from "./sns.ts";

export interface RegionsDeps {
  readonly publish: Publish;
  readonly regionsFor: (message: CodeMessage) => readonly string[];
  readonly breaker: Breaker;
  readonly observe: (region: string, outcome: PublishOutcome | { readonly kind: "skipped" }) => void;
  /** Told of what will be on the bill: an SMS that was taken, or may have been. */
  readonly spend: (message: CodeMessage, sms: Sms) => void;
}

/**
 * Tries the regions in their order, each at most once, and goes on only where a region says that it did not send.
 * Silence ends it: an SMS that may be on its way is never sent again. A region whose circuit is open is tried last.
 */
export function sendThroughRegions({ publish, regionsFor, breaker, observe, spend }: RegionsDeps): SendSms {
  return async (message) => {
    const sms = composeSms(message);
    const skipped = new Set<string>();
    let left = regionsFor(message);
    for (let begun = breaker.begin(left); begun !== null; begun = breaker.begin(left)) {
      const { region, passed } = begun;
      for (const other of passed.filter((name) => !skipped.has(name))) {
        skipped.add(other);
        observe(other, { kind: "skipped" });
      }
      const outcome = await publish(region, sms);
      breaker.end(begun, outcome.kind === "not_sent" || outcome.kind === "unknown");
      observe(region, outcome);
      if (outcome.kind === "sent" || outcome.kind === "unknown") spend(message, sms);
      if (outcome.kind !== "not_sent") return outcome.kind;
      left = left.filter((name) => name !== region);
    }
    return "unavailable";
  };
}
