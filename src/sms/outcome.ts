/** What one region's SNS did with one SMS. */
export type PublishOutcome =
  | { readonly kind: "sent" }
  /** Refused for the message or the number: no other region would take it. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** This region says that it did not send. */
  | { readonly kind: "not_sent"; readonly reason: string }
  /** No answer that can be relied on: it may have been sent. */
  | { readonly kind: "unknown"; readonly reason: string };

/** SNS's names for what is wrong with the message or the number (API reference, Publish, "Errors"). */
const MESSAGE_ERRORS = new Set([
  "InvalidParameter",
  "InvalidParameterException",
  "InvalidParameterValue",
  "InvalidParameterValueException",
  "ParameterValueInvalid",
  "OptedOut",
  "OptedOutException",
  "ValidationError",
  "ValidationException",
  "ValidationErrorException",
]);

/** What the SDK makes of an answer that holds no AWS error. */
const NOT_AN_AWS_ERROR = new Set([
  "",
  "Error",
  "Unknown",
  "UnknownError",
  "TypeError",
  "SyntaxError",
  "TimeoutError",
  "AbortError",
]);

/**
 * Reads what the SDK threw. A 2xx that cannot be read is an acceptance. Only where SNS itself says so, in an answer with
 * an AWS error in it, was nothing sent; all the rest is unknown. Messages are never read: they can quote the number.
 */
export function outcomeOfError(error: unknown): PublishOutcome {
  const name = error instanceof Error ? error.name : "";
  const status = statusOf(error);
  if (status !== null && status >= 200 && status < 300) return { kind: "sent" };
  const isFromAws = status !== null && status >= 400 && !NOT_AN_AWS_ERROR.has(name);
  if (!isFromAws) return { kind: "unknown", reason: name === "" ? "no answer" : name };
  return { kind: MESSAGE_ERRORS.has(name) ? "rejected" : "not_sent", reason: name };
}

function statusOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return null;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
}
