import type { PublishOutcome } from "../../../src/sms/outcome.ts";
import type { Publish } from "../../../src/sms/sns.ts";
import type { Clock } from "./clock.ts";
import type { SmsFate } from "./flight.ts";
import { currentFlight } from "./flight.ts";
import type { Gate } from "./gate.ts";

const OUTCOMES = {
  sent: { kind: "sent" },
  reply_lost: { kind: "unknown", reason: "no_answer" },
  hangs: { kind: "unknown", reason: "no_answer" },
  rejected: { kind: "rejected", reason: "InvalidParameter" },
  not_sent: { kind: "not_sent", reason: "Throttled" },
  dies: { kind: "unknown", reason: "no_answer" },
} as const satisfies Record<SmsFate, PublishOutcome>;

/** SNS that writes down what it is asked for, and meets what the request's faults say. */
export function createFaultySns({
  gate,
  clock,
  timeoutMs,
}: {
  readonly gate: Gate;
  readonly clock: Clock;
  readonly timeoutMs: number;
}): Publish {
  return async (region, { to, role, text }) => {
    const flight = currentFlight();
    await gate.pass();
    const fate = flight.smsFates.shift() ?? "sent";
    if (fate !== "sent") flight.smsFailed = true;
    const outcome = OUTCOMES[fate];
    const isDelivered = fate === "sent" || fate === "reply_lost" || fate === "dies";
    const isMaybeSent = outcome.kind === "sent" || outcome.kind === "unknown";
    flight.sms.push({ to, role, text, region, isMaybeSent, isDelivered });
    if (fate === "dies") return flight.die();
    if (outcome.kind === "unknown") clock.now += timeoutMs;
    return outcome;
  };
}
