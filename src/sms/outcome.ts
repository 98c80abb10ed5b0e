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

/**
 * Reads what the SDK threw. A 2xx that cannot be read is an acceptance. Only where SNS itself says so, in an answer with
 * an AWS error code in it, was nothing sent; all the rest is unknown. Names that the SDK makes up from a status are not
 * read, and messages never are: they can quote the number.
 */
export function outcomeOfError(error: unknown): PublishOutcome {
  const status = statusOf(error);
  if (status !== null && status >= 200 && status < 300) return { kind: "sent" };
  const code = status !== null && status >= 400 ? awsCodeOf(error) : null;
  if (code === null) return { kind: "unknown", reason: status === null ? "no_answer" : `status_${status}` };
  return { kind: MESSAGE_ERRORS.has(code) ? "rejected" : "not_sent", reason: code };
}

/** The `Code` of an AWS error document, as the SDK has read it from the body. */
function awsCodeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("Code" in error)) return null;
  const code = typeof error.Code === "string" ? error.Code.trim() : "";
  return /^[A-Za-z][A-Za-z.]{0,63}$/.test(code) ? code : null;
}

function statusOf(error: unknown): number | null {
  if (typeof error !== "object" || error === null || !("$metadata" in error)) return null;
  const metadata = error.$metadata;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return null;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
}
