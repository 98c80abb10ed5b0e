/**
 * Stands in the bundle for `@smithy/core/event-streams`, which the SDK imports when an operation has a stream of events. No
 * operation of SNS has one.
 */
export function eventStreamSerdeProvider(): never {
  throw new Error("SNS has no stream of events");
}
