import type { App } from "../config/apps.ts";
import type { CodeMessage } from "./port.ts";
import { BUILT_IN_TEMPLATE, fillTemplate } from "./template.ts";

/** One SMS as SNS takes it. `attributes` by their names in SNS (developer guide, "Publishing to a mobile phone"). */
export interface Sms {
  readonly role: string;
  readonly to: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Composes the text and what carriers want beside it. India's carriers want DLT ids, nobody else's know them. */
export function composeSms({ app, phone, code, lifetimeSeconds, locale }: CodeMessage): Sms {
  const minutes = String(Math.max(1, Math.floor(lifetimeSeconds / 60)));
  const sentence = fillTemplate(templateFor(app, locale), { code, minutes, name: app.name });
  const dlt = phone.country === "IN" ? app.dlt : undefined;
  return {
    role: app.role,
    to: phone.e164,
    text: withAutofill(sentence, app, code),
    attributes: {
      "AWS.SNS.SMS.SMSType": "Transactional",
      ...(app.senderId === undefined ? {} : { "AWS.SNS.SMS.SenderID": app.senderId }),
      ...(dlt === undefined
        ? {}
        : { "AWS.MM.SMS.EntityId": dlt.entityId, "AWS.MM.SMS.TemplateId": dlt.templateId }),
    },
  };
}

/** The longest tag that matches, `hi-Latn-IN` before `hi`, then English, then the app's first, then our own. */
function templateFor({ templates }: App, locale: string | null): string {
  const subtags = locale?.split("-") ?? [];
  const tags = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
  const found = [...tags, "en"].find((tag) => Object.hasOwn(templates, tag));
  return templates[found ?? ""] ?? Object.values(templates)[0] ?? BUILT_IN_TEMPLATE;
}

/**
 * `<#> ` before and the app's hash on a line of its own for Android's SMS Retriever; last of all `@domain #code`, where
 * browsers look for it (WICG origin-bound one-time codes).
 */
function withAutofill(sentence: string, app: App, code: string): string {
  const lines = app.androidHash === undefined ? [sentence] : [`<#> ${sentence}`, app.androidHash];
  if (app.webDomain !== undefined) lines.push(`@${app.webDomain} #${code}`);
  return lines.join("\n");
}
