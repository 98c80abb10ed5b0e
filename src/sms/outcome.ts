/** What one region's SNS did with one SMS. */
export type PublishOutcome =
  | { readonly kind: "sent" }
  /** Refused for the message or the number: no other region would take it. */
  | { readonly kind: "rejected"; readonly reason: string }
  /** This region says that it did not send. */
  | { readonly kind: "not_sent"; readonly reason: string }
  /** No answer that can be relied on: it may have been sent. */
  | { readonly kind: "unknown"; readonly reason: string };

/**
 * Every error that SNS documents for a publish (API reference: Publish, "Errors"; common errors, by their older names in
 * the query protocol too) and AWS's names for rates and quotas, without the `Exception` that some end with. What has
 * another name was not sent.
 */
const OUTCOMES = {
  // The message or the number: the same everywhere.
  InvalidParameter: "rejected",
  InvalidParameterCombination: "rejected",
  InvalidParameterValue: "rejected",
  InvalidQueryParameter: "rejected",
  MissingParameter: "rejected",
  ParameterValueInvalid: "rejected",
  RequestEntityTooLarge: "rejected",
  UserError: "rejected",
  Validation: "rejected",
  ValidationError: "rejected",
  // Whoever asked for no more SMS gets none by another region's list either.
  OptedOut: "rejected",

  // Rates, quotas and the month's spend limit are kept by region.
  KMSThrottling: "not_sent",
  LimitExceeded: "not_sent",
  RequestThrottled: "not_sent",
  ServiceQuotaExceeded: "not_sent",
  Throttled: "not_sent",
  Throttling: "not_sent",
  TooManyRequests: "not_sent",

  // The region's own fault.
  InternalError: "not_sent",
  InternalFailure: "not_sent",
  ServiceUnavailable: "not_sent",

  // Policies and organisations may forbid one region and allow the next; keys are unknown where a region is not enabled.
  AccessDenied: "not_sent",
  AuthorizationError: "not_sent",
  InvalidClientTokenId: "not_sent",
  NotAuthorized: "not_sent",
  OptInRequired: "not_sent",
  UnrecognizedClient: "not_sent",

  // Credentials and clocks: as bad elsewhere, most likely, but certainly not sent, and it costs one request to see.
  ExpiredToken: "not_sent",
  IncompleteSignature: "not_sent",
  InvalidSecurity: "not_sent",
  MissingAuthenticationToken: "not_sent",
  RequestExpired: "not_sent",
  SignatureDoesNotMatch: "not_sent",

  // The request came in a form that we never send: something in between has spoilt it on its way to this region.
  InvalidAction: "not_sent",
  MalformedHttpRequest: "not_sent",
  MalformedQueryString: "not_sent",
  MissingAction: "not_sent",
  RequestTimeout: "not_sent",
  UnknownOperation: "not_sent",

  // Of topics, their keys, and devices. A number has none of these, so a region that says so is confused.
  EndpointDisabled: "not_sent",
  KMSAccessDenied: "not_sent",
  KMSDisabled: "not_sent",
  KMSInvalidState: "not_sent",
  KMSNotFound: "not_sent",
  KMSOptInRequired: "not_sent",
  NotFound: "not_sent",
  PlatformApplicationDisabled: "not_sent",

  // "Aborted before a reply was sent": it does not say before what else.
  RequestAborted: "unknown",
} as const satisfies Record<string, PublishOutcome["kind"]>;

const OUTCOME_OF: ReadonlyMap<string, "rejected" | "not_sent" | "unknown"> = new Map(
  Object.entries(OUTCOMES),
);

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
  return { kind: OUTCOME_OF.get(code.replace(/Exception$/, "")) ?? "not_sent", reason: code };
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
