import type { App } from "../config/apps.ts";
import type { CodeMessage } from "./port.ts";
import { BUILT_IN_TEMPLATE, dltTemplate, fillTemplate } from "./template.ts";

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
  const dlt = phone.country === "IN" ? app.dlt : undefined;
  // Under one DLT template id only its registered text arrives, whatever language was asked for.
  const registered = dlt?.text === undefined ? null : dltTemplate(app, dlt.text);
  const template = registered ?? templateFor(app, locale);
  const sentence = fillTemplate(template, { code, minutes, name: app.name });
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
  const subtags = locale?.toLowerCase().split("-") ?? [];
  const tags = subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
  const byTag = new Map(Object.entries(templates).map(([tag, template]) => [tag.toLowerCase(), template]));
  const found = [...tags, "en"].find((tag) => byTag.has(tag));
  return byTag.get(found ?? "") ?? Object.values(templates)[0] ?? BUILT_IN_TEMPLATE;
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
