import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const dlt = {
  entityId: "1101",
  templateId: "1107",
  text: "{#var#} is your Weelo code for {#var#} minutes.",
};

const APPS = {
  customer: {
    name: "Weelo",
    default: true,
    defaultCountry: "IN",
    countries: ["IN", "US", "GB"],
    senderId: "WEELO",
    maxPrice: 0.05,
    dlt,
    templates: {
      en: "{code} is your {name} code for {minutes} minutes.",
      hi: { "sign-in": "{name} कोड {code}" },
    },
    byCountry: {
      US: { originationNumber: "+12065550100", templates: { en: "{name}: {code}. Reply STOP to end." } },
      GB: { senderId: "WEELOUK", maxPrice: "0.10" },
    },
  },
  transporter: { name: "Weelo Captain", defaultCountry: "IN", countries: ["IN"] },
};

let upstreams: Upstreams;
let listed: Service;
let grouped: Service;
beforeAll(async () => {
  upstreams = await startUpstreams();
  const shared = { ...upstreams, close: () => Promise.resolve() };
  const list = "us-east-1,ap-south-2,eu-west-1,ap-south-1";
  const groups = "US = us-west-2, us-east-1; *=eu-west-1,ap-south-1";
  listed = await startService({ APPS, SNS_REGIONS: list }, shared);
  grouped = await startService({ APPS, SNS_REGIONS: groups }, shared);
});
beforeEach(() => upstreams.sns.reset());
afterAll(async () => {
  await Promise.all([listed.close(), grouped.close()]);
  await upstreams.close();
});

let numbers = 100;
const numberIn = {
  IN: () => `+91${freshPhone()}`,
  US: () => `+12015550${(numbers += 1)}`,
  GB: () => `+447400123${(numbers += 1)}`,
} as const;

async function send(service: Service, fields: Readonly<Record<string, unknown>>) {
  const answer = await service.sendOtp(fields);
  expect(answer.status).toBe(200);
  const sms = service.sent.findLast(({ to }) => to === fields["phone"]);
  if (sms === undefined) throw new Error("nothing was sent");
  return sms;
}

/** Every region that can be asked, in the order of asking, where each says that it did not send. */
async function regionsAsked(service: Service, fields: Readonly<Record<string, unknown>>) {
  const body =
    '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>Throttling</Code><Message>x</Message></Error></ErrorResponse>';
  service.sns.plan(() => ({ status: 400, headers: { "content-type": "text/xml" }, body }));
  expect((await service.sendOtp(fields)).status).toBe(503);
  return service.sns.exchanges.map(({ path }) => path.replaceAll("/", ""));
}

describe("an SMS", () => {
  it("to India has the registered text and DLT ids, whatever language was asked for", async () => {
    const { text, attributes } = await send(listed, { phone: numberIn.IN(), locale: "hi" });
    expect(text).toMatch(/^\d{6} is your Weelo code for 5 minutes\.$/);
    expect(attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELO",
      "AWS.SNS.SMS.MaxPrice": "0.05",
      "AWS.MM.SMS.EntityId": "1101",
      "AWS.MM.SMS.TemplateId": "1107",
    });
  });

  it("to another country has that country's own text, sender and price", async () => {
    const toAmerica = await send(listed, { phone: numberIn.US() });
    expect(toAmerica.text).toMatch(/^Weelo: \d{6}\. Reply STOP to end\.$/);
    expect(toAmerica.attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.MM.SMS.OriginationNumber": "+12065550100",
      "AWS.SNS.SMS.MaxPrice": "0.05",
    });
    const toBritain = await send(listed, { phone: numberIn.GB(), locale: "hi-IN" });
    expect(toBritain.text).toMatch(/^Weelo कोड \d{6}$/);
    expect(toBritain.attributes).toEqual({
      "AWS.SNS.SMS.SMSType": "Transactional",
      "AWS.SNS.SMS.SenderID": "WEELOUK",
      "AWS.SNS.SMS.MaxPrice": "0.10",
    });
  });

  it("has its price as a number and all else as text", async () => {
    await send(listed, { phone: numberIn.GB() });
    const form = new URLSearchParams(listed.sns.exchanges.at(-1)?.body);
    const types = [1, 2, 3].map((index) => [
      form.get(`MessageAttributes.entry.${index}.Name`),
      form.get(`MessageAttributes.entry.${index}.Value.DataType`),
    ]);
    expect(Object.fromEntries(types)).toEqual({
      "AWS.SNS.SMS.SMSType": "String",
      "AWS.SNS.SMS.SenderID": "String",
      "AWS.SNS.SMS.MaxPrice": "Number",
    });
  });

  it("of a role without words of its own is in the language that was asked for", async () => {
    const { text } = await send(listed, { phone: numberIn.IN(), role: "transporter", locale: "hi-IN" });
    expect(text).toMatch(/^आपका Weelo Captain कोड \d{6} है। 5 मिनट तक मान्य।$/);
  });
});

describe("the regions of an SMS", () => {
  it.each([
    ["IN", "customer", ["ap-south-2", "ap-south-1"]],
    ["IN", "transporter", ["ap-south-2", "ap-south-1", "us-east-1", "eu-west-1"]],
    ["US", "customer", ["us-east-1", "ap-south-2", "eu-west-1", "ap-south-1"]],
    ["GB", "customer", ["eu-west-1", "us-east-1", "ap-south-2", "ap-south-1"]],
  ] as const)("of one list, to %s for a %s, are %j", async (country, role, regions) => {
    expect(await regionsAsked(listed, { phone: numberIn[country](), role })).toEqual(regions);
  });

  it.each([
    ["IN", "customer", ["ap-south-1"]],
    ["US", "customer", ["us-west-2", "us-east-1"]],
    ["GB", "customer", ["eu-west-1", "ap-south-1"]],
  ] as const)("of groups, to %s for a %s, are %j", async (country, role, regions) => {
    expect(await regionsAsked(grouped, { phone: numberIn[country](), role })).toEqual(regions);
  });

  it("stand in /ready, each once", async () => {
    expect((await grouped.request("/ready")).body.data?.["sms"]).toEqual({
      regions: {
        "us-west-2": "closed",
        "us-east-1": "closed",
        "eu-west-1": "closed",
        "ap-south-1": "closed",
      },
    });
  });
});
