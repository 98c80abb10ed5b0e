import { describe, expect, it } from "vitest";
import { outcomeOfError } from "../../src/sms/outcome.ts";

const outcomeOf = (code: string, status = 400) =>
  outcomeOfError({ Code: code, $metadata: { httpStatusCode: status } }).kind;

/** SNS API reference, Publish, "Errors", by the names in the answer and by those of the SDK. */
const PUBLISH = [
  ["AuthorizationError", "not_sent"],
  ["EndpointDisabled", "not_sent"],
  ["InternalError", "not_sent"],
  ["InvalidParameter", "rejected"],
  ["ParameterValueInvalid", "rejected"],
  ["InvalidParameterValue", "rejected"],
  ["InvalidSecurity", "not_sent"],
  ["KMSAccessDenied", "not_sent"],
  ["KMSDisabled", "not_sent"],
  ["KMSInvalidState", "not_sent"],
  ["KMSNotFound", "not_sent"],
  ["KMSOptInRequired", "not_sent"],
  ["KMSThrottling", "not_sent"],
  ["NotFound", "not_sent"],
  ["PlatformApplicationDisabled", "not_sent"],
  ["Validation", "rejected"],
] as const;

/** Common errors of the AWS services, the older names of the query protocol, rates and quotas. */
const COMMON = [
  ["AccessDeniedException", "not_sent"],
  ["ExpiredToken", "not_sent"],
  ["ExpiredTokenException", "not_sent"],
  ["IncompleteSignature", "not_sent"],
  ["InternalFailure", "not_sent"],
  ["InvalidAction", "not_sent"],
  ["InvalidClientTokenId", "not_sent"],
  ["InvalidParameterCombination", "rejected"],
  ["InvalidQueryParameter", "rejected"],
  ["LimitExceededException", "not_sent"],
  ["MalformedHttpRequestException", "not_sent"],
  ["MalformedQueryString", "not_sent"],
  ["MissingAction", "not_sent"],
  ["MissingAuthenticationToken", "not_sent"],
  ["MissingParameter", "rejected"],
  ["NotAuthorized", "not_sent"],
  ["OptedOut", "rejected"],
  ["OptedOutException", "rejected"],
  ["OptInRequired", "not_sent"],
  ["RequestAbortedException", "unknown"],
  ["RequestEntityTooLargeException", "rejected"],
  ["RequestExpired", "not_sent"],
  ["RequestTimeoutException", "not_sent"],
  ["ServiceQuotaExceededException", "not_sent"],
  ["ServiceUnavailable", "not_sent"],
  ["SignatureDoesNotMatch", "not_sent"],
  ["Throttled", "not_sent"],
  ["ThrottledException", "not_sent"],
  ["Throttling", "not_sent"],
  ["ThrottlingException", "not_sent"],
  ["UnknownOperationException", "not_sent"],
  ["UnrecognizedClientException", "not_sent"],
  ["UserError", "rejected"],
  ["ValidationError", "rejected"],
] as const;

describe("the outcome of an error that SNS names", () => {
  it.each([...PUBLISH, ...PUBLISH.map(([code, kind]) => [`${code}Exception`, kind] as const), ...COMMON])(
    "%s is %s",
    (code, kind) => {
      expect(outcomeOf(code)).toBe(kind);
    },
  );

  it.each(["constructor", "toString", "NobodyKnowsThisOne", "Exception"])(
    "%s, which no table has, was not sent",
    (code) => {
      expect(outcomeOf(code, 500)).toBe("not_sent");
    },
  );
});
