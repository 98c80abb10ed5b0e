import { withAutofill } from "./autofill.ts";
import { chooseTemplate } from "./choose-template.ts";
import type { InCountry } from "./in-country.ts";
import { inCountry } from "./in-country.ts";
import type { CodeMessage } from "./port.ts";
import { fillTemplate, minutesOf } from "./template.ts";

/** One SMS as SNS takes it. `attributes` by their names in SNS (developer guide, "Publishing to a mobile phone"). */
export interface Sms {
  readonly role: string;
  readonly to: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Composes the text and what SNS and the carriers want beside it. */
export function composeSms({
  app,
  phone,
  code,
  lifetimeSeconds,
  locale,
  purpose = "sign-in",
}: CodeMessage): Sms {
  const here = inCountry(app, phone.country);
  const template = chooseTemplate(app, here, { locale, purpose });
  const sentence = fillTemplate(template, { code, minutes: minutesOf(lifetimeSeconds), name: app.name });
  return {
    role: app.role,
    to: phone.e164,
    text: withAutofill(sentence, app, code),
    attributes: attributesOf(here),
  };
}

function attributesOf({ senderId, originationNumber, maxPrice, dlt }: InCountry): Sms["attributes"] {
  const attributes = {
    "AWS.SNS.SMS.SMSType": "Transactional",
    "AWS.SNS.SMS.SenderID": senderId,
    "AWS.MM.SMS.OriginationNumber": originationNumber,
    "AWS.SNS.SMS.MaxPrice": maxPrice,
    "AWS.MM.SMS.EntityId": dlt?.entityId,
    "AWS.MM.SMS.TemplateId": dlt?.templateId,
  };
  const given = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(given);
}
