import { describe, expect, it } from "vitest";
import type { App } from "../../src/config/apps.ts";
import { composeSms } from "../../src/sms/message.ts";

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
  templates: {},
};
const inIndia = {
  e164: "+919876543210",
  country: "IN",
  display: "9876543210",
  masked: "98****3210",
} as const;
const inAmerica = { e164: "+12015550123", country: "US", display: "x", masked: "20****0123" } as const;

function sms(fields: Partial<App>, message: Partial<Parameters<typeof composeSms>[0]> = {}) {
  return composeSms({
    app: { ...app, ...fields },
    phone: inIndia,
    code: "012345",
    lifetimeSeconds: 300,
    locale: null,
    ...message,
  });
}

describe("the template of an SMS", () => {
  const many = {
    templates: { ta: "ta {code}", "hi-Latn": "hi-Latn {code}", hi: "hi {code}", en: "en {code}" },
  };

  it.each([
    ["hi-Latn-IN", many, "hi-Latn 012345"],
    ["hi-Deva", many, "hi 012345"],
    ["fr", many, "en 012345"],
    ["fr", { ...many, fallbackLocales: ["kn", "hi-IN", "en"] }, "hi 012345"],
    ["ta-IN", { ...many, fallbackLocales: ["hi"] }, "ta 012345"],
    ["fr", { templates: { ta: "ta {code}", hi: "hi {code}" } }, "ta 012345"],
    ["hi", { templates: { ta: "ta {code}" } }, "ta 012345"],
    ["hi", { templates: {} }, "आपका Weelo कोड 012345 है। 5 मिनट तक मान्य।"],
    ["fr", { templates: {}, fallbackLocales: ["hi"] }, "आपका Weelo कोड 012345 है। 5 मिनट तक मान्य।"],
    ["fr", { templates: {} }, "Your Weelo verification code is: 012345. Valid for 5 minutes."],
    [
      "fr",
      { templates: {}, fallbackLocales: [] },
      "Your Weelo verification code is: 012345. Valid for 5 minutes.",
    ],
  ])("for %s of %j is %s", (locale, fields, text) => {
    expect(sms(fields, { locale }).text).toBe(text);
  });

  it("may stand by purpose, and is for signing in where it stands alone", () => {
    const templates = { en: { "sign-in": "by purpose {code}" }, hi: "alone {code}" };
    expect(sms({ templates }, { purpose: "sign-in" }).text).toBe("by purpose 012345");
    expect(sms({ templates }, { purpose: "sign-in", locale: "hi" }).text).toBe("alone 012345");
  });

  it("is the country's own before the role's, and the role's where the country has none in that language", () => {
    const fields = { ...many, byCountry: { US: { templates: { EN: "US en {code}", es: "US es {code}" } } } };
    const inUs = (locale: string | null) => sms(fields, { phone: inAmerica, locale }).text;
    expect([inUs(null), inUs("es-US"), inUs("hi")]).toEqual(["US en 012345", "US es 012345", "hi 012345"]);
    expect([sms(fields).text, sms(fields, { locale: "es" }).text]).toEqual(["en 012345", "en 012345"]);
  });
});

describe("under a DLT text", () => {
  const ids = { entityId: "110", templateId: "1107" };
  const templates = { hi: "कोड {code}", en: "{code} is your {name} code for {minutes} minutes" };
  const autofill = { androidHash: "AbCdEfGhIjK", webDomain: "weelo.in" };
  const whole = "<#> {#var#} is your Weelo code for {#var#} minutes\nAbCdEfGhIjK\n@weelo.in #{#var#}";

  it.each([
    ["the sentence alone", "{#var#} is your Weelo code for {#var#} minutes"],
    ["the whole SMS", whole],
  ])("(%s) the template that equals it goes to India", (_, text) => {
    const { text: sent } = sms({ ...autofill, templates, dlt: { ...ids, text } }, { locale: "hi" });
    expect(sent).toBe("<#> 012345 is your Weelo code for 5 minutes\nAbCdEfGhIjK\n@weelo.in #012345");
  });

  it("the country's own ids and templates go before the role's", () => {
    const text = "India's {#var#}";
    const byCountry = { IN: { templates: { en: "India's {code}" }, dlt: { ...ids, templateId: "2", text } } };
    const sent = sms({ templates, dlt: ids, byCountry }, { locale: "hi" });
    expect([sent.text, sent.attributes["AWS.MM.SMS.TemplateId"]]).toEqual(["India's 012345", "2"]);
  });
});

describe("the attributes of an SMS", () => {
  const fields = {
    senderId: "WEELO",
    maxPrice: "0.05",
    dlt: { entityId: "110", templateId: "1107" },
    byCountry: { US: { originationNumber: "+12065550100" }, GB: { senderId: "WEELOUK", maxPrice: "0.1" } },
  };

  it("are the role's, and DLT ids go to India alone", () => {
    expect(sms(fields).attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELO",
      "AWS.SNS.SMS.MaxPrice": "0.05",
      "AWS.MM.SMS.EntityId": "110",
      "AWS.MM.SMS.TemplateId": "1107",
    });
  });

  it("are the country's own before the role's, with one sender", () => {
    expect(sms(fields, { phone: inAmerica }).attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.MM.SMS.OriginationNumber": "+12065550100",
      "AWS.SNS.SMS.MaxPrice": "0.05",
    });
    const inBritain = { ...inAmerica, e164: "+447400123456", country: "GB" } as const;
    expect(sms(fields, { phone: inBritain }).attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELOUK",
      "AWS.SNS.SMS.MaxPrice": "0.1",
    });
  });
});
