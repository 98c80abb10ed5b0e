import { composeSms } from "./message.ts";
import type { PublishOutcome } from "./outcome.ts";
import type { SendSms } from "./port.ts";
import type { Publish } from "./sns.ts";

export interface RegionsDeps {
  readonly publish: Publish;
  readonly regions: readonly string[];
  readonly observe: (region: string, outcome: PublishOutcome) => void;
}

/**
 * Tries the regions in their order, each at most once, and goes on only where a region says that it did not send.
 * Silence ends it: an SMS that may be on its way is never sent again.
 */
export function sendThroughRegions({ publish, regions, observe }: RegionsDeps): SendSms {
  return async (message) => {
    const sms = composeSms(message);
    for (const region of regions) {
      const outcome = await publish(region, sms);
      observe(region, outcome);
      if (outcome.kind !== "not_sent") return outcome.kind;
    }
    return "unavailable";
  };
}
