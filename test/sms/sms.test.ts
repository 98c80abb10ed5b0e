import { describe, expect, it } from "vitest";
import type { App } from "../../src/config/apps.ts";
import { createBreaker } from "../../src/sms/breaker.ts";
import { composeSms } from "../../src/sms/message.ts";
import { outcomeOfError } from "../../src/sms/outcome.ts";
import type { PublishOutcome } from "../../src/sms/outcome.ts";
import { sendThroughRegions } from "../../src/sms/regions.ts";
import { templateProblem } from "../../src/sms/template.ts";

const app: App = {
  role: "customer",
  name: "Weelo",
  defaultCountry: "IN",
  countries: ["IN", "US"],
  requireChallenge: false,
  audience: "customer",
  accessTokenSeconds: 900,
  refreshTokenSeconds: 2_592_000,
  refreshRotation: "keep",
  directory: "fail",
  templates: {
    en: "Your Weelo verification code is: {code}. Valid for {minutes} minutes.",
    hi: "आपका कोड {code} है।",
    "hi-Latn": "Aapka code {code} hai.",
  },
};
const phone = { e164: "+919876543210", country: "IN", display: "9876543210", masked: "98****3210" } as const;
const message = { app, phone, code: "012345", lifetimeSeconds: 300, locale: null };

describe("composeSms", () => {
  it("writes the old text to the letter, hash included", () => {
    const sms = composeSms({ ...message, app: { ...app, androidHash: "AbCdEfGhIjK" } });
    expect(sms.text).toBe("<#> Your Weelo verification code is: 012345. Valid for 5 minutes.\nAbCdEfGhIjK");
    expect(sms.to).toBe("+919876543210");
  });

  it("ends with the origin-bound line where the app has a web domain", () => {
    const sms = composeSms({
      ...message,
      app: { ...app, androidHash: "AbCdEfGhIjK", webDomain: "weelo.in" },
    });
    expect(sms.text.split("\n").slice(-2)).toEqual(["AbCdEfGhIjK", "@weelo.in #012345"]);
  });

  it.each([
    ["hi", "आपका कोड 012345 है।"],
    ["hi-IN", "आपका कोड 012345 है।"],
    ["hi-Latn-IN", "Aapka code 012345 hai."],
    ["HI-LATN", "Aapka code 012345 hai."],
    ["ta-IN", "Your Weelo verification code is: 012345. Valid for 5 minutes."],
    [null, "Your Weelo verification code is: 012345. Valid for 5 minutes."],
    ["constructor", "Your Weelo verification code is: 012345. Valid for 5 minutes."],
  ])("for locale %s writes %j", (locale, text) => {
    expect(composeSms({ ...message, locale }).text).toBe(text);
  });

  it("sends to India under a DLT id its registered text alone, whatever language was asked for", () => {
    const text = "Your Weelo verification code is: {#var#}. Valid for {#var#} minutes.";
    const withDlt = { ...app, dlt: { entityId: "110", templateId: "1107", text } };
    const sent = composeSms({ ...message, app: withDlt, locale: "hi" });
    expect(sent.text).toBe("Your Weelo verification code is: 012345. Valid for 5 minutes.");
    const elsewhere = composeSms({
      ...message,
      app: withDlt,
      locale: "hi",
      phone: { ...phone, country: "US" },
    });
    expect(elsewhere.text).toBe("आपका कोड 012345 है।");
  });

  it("says the whole minutes that the code has left", () => {
    expect(composeSms({ ...message, lifetimeSeconds: 179 }).text).toContain("Valid for 2 minutes.");
    expect(composeSms({ ...message, lifetimeSeconds: 20 }).text).toContain("Valid for 1 minutes.");
  });

  it("carries sender id, and DLT ids to India alone", () => {
    const withDlt = { ...app, senderId: "WEELO", dlt: { entityId: "110", templateId: "1107" } };
    expect(composeSms({ ...message, app: withDlt }).attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELO",
      "AWS.MM.SMS.EntityId": "110",
      "AWS.MM.SMS.TemplateId": "1107",
    });
    expect(composeSms({ ...message, app: withDlt, phone: { ...phone, country: "US" } }).attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELO",
    });
  });
});

describe("templateProblem", () => {
  it.each([
    ["Your code is {code}.", null],
    ["No code", "wants {code} in it, once"],
    ["{code} {code}", "wants {code} in it, once"],
    ["{code} {user}", "wants only the placeholders {code}, {minutes}, {name}"],
  ])("of %j is %j", (text, problem) => {
    expect(templateProblem(text)).toBe(problem);
  });
});

/** As the SDK throws it: with the code that it read from the body, or with a name of its own making. */
function awsError({
  code,
  name = code ?? "Error",
  status,
}: {
  code?: string;
  name?: string;
  status?: number;
}): Error {
  const error = new Error("quotes +919876543210");
  error.name = name;
  const metadata = { $metadata: { httpStatusCode: status } };
  return Object.assign(error, metadata, code === undefined ? {} : { Code: code });
}

describe("outcomeOfError", () => {
  it.each([
    [{ code: "Throttling", status: 400 }, "not_sent"],
    [{ code: "ThrottledException", status: 429 }, "not_sent"],
    [{ code: "AuthorizationError", status: 403 }, "not_sent"],
    [{ code: "SignatureDoesNotMatch", status: 403 }, "not_sent"],
    [{ code: "NobodyKnowsThisOne", status: 400 }, "not_sent"],
    [{ code: "InternalError", status: 500 }, "not_sent"],
    [{ code: "ServiceUnavailable", status: 503 }, "not_sent"],
    [{ code: "InvalidParameter", status: 400 }, "rejected"],
    [{ code: " InvalidParameter ", status: 400 }, "rejected"],
    [{ code: "ValidationException", status: 400 }, "rejected"],
    [{ code: "about +919876543210", status: 400 }, "unknown"],
    [{ code: "x".repeat(1000), status: 400 }, "unknown"],
    [{ name: "NotFoundException", status: 404 }, "unknown"],
    [{ name: "RangeError", status: 500 }, "unknown"],
    [{ name: "Unknown", status: 502 }, "unknown"],
    [{ name: "ReferenceError", status: 200 }, "sent"],
    [{ code: "Throttling", status: 200 }, "sent"],
    [{ name: "TimeoutError" }, "unknown"],
    [{ code: "Throttling" }, "unknown"],
  ])("reads %j as %s", (thrown, kind) => {
    const outcome = outcomeOfError(awsError(thrown));
    expect(outcome.kind).toBe(kind);
    expect(JSON.stringify(outcome)).not.toContain("9876543210");
  });

  it.each([[null], [undefined], ["text"], [{ $metadata: null }]])("reads %j as unknown", (thrown) => {
    expect(outcomeOfError(thrown).kind).toBe("unknown");
  });
});

describe("sendThroughRegions", () => {
  async function send(...outcomes: readonly PublishOutcome[]) {
    const asked: string[] = [];
    const sms = sendThroughRegions({
      regionsFor: () => ["ap-south-1", "ap-south-2"],
      breaker: createBreaker(() => 0),
      publish: async (region) => {
        const outcome = outcomes[asked.push(region) - 1];
        if (!outcome) throw new Error("one region too many");
        return outcome;
      },
      observe: () => undefined,
      spend: () => undefined,
    });
    return [await sms(message), asked];
  }

  it("asks the first alone where it sends, rejects or stays silent", async () => {
    expect(await send({ kind: "sent" })).toEqual(["sent", ["ap-south-1"]]);
    expect(await send({ kind: "rejected", reason: "x" })).toEqual(["rejected", ["ap-south-1"]]);
    expect(await send({ kind: "unknown", reason: "x" })).toEqual(["unknown", ["ap-south-1"]]);
  });

  it("goes on where a region says that it did not send, each at most once", async () => {
    const notSent = { kind: "not_sent", reason: "Throttling" } as const;
    expect(await send(notSent, { kind: "sent" })).toEqual(["sent", ["ap-south-1", "ap-south-2"]]);
    expect(await send(notSent, { kind: "unknown", reason: "x" })).toEqual([
      "unknown",
      ["ap-south-1", "ap-south-2"],
    ]);
    expect(await send(notSent, notSent)).toEqual(["unavailable", ["ap-south-1", "ap-south-2"]]);
  });
});
