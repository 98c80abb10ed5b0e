import { withAutofill } from "../sms/autofill.ts";
import { registeredTemplate } from "../sms/choose-template.ts";
import { inCountry } from "../sms/in-country.ts";
import type { SmsSize } from "../sms/measure.ts";
import { measureSms } from "../sms/measure.ts";
import type { Purpose, Templates } from "../sms/template.ts";
import { BUILT_IN_TEMPLATES, fillTemplate, minutesOf, PURPOSES } from "../sms/template.ts";
import type { App } from "./apps.ts";
import type { Policy } from "./policy.ts";

/** One template of a role as its longest SMS. */
export interface WorstCase {
  /** Where it stands, from the role on: `customer`, `templates`, `hi`. */
  readonly path: readonly string[];
  readonly isBuiltIn: boolean;
  /** The sentence, with `{code}` still in it. */
  readonly sentence: string;
  readonly text: string;
  readonly size: SmsSize;
}

interface Found {
  readonly path: readonly string[];
  readonly template: string;
}

/** Every template that a role can send: its own, its countries', and ours where it has none or registered ours. */
export function worstCases(
  app: App,
  policy: Pick<Policy, "codeLength" | "codeLifetimeSeconds">,
): WorstCase[] {
  const code = "0".repeat(policy.codeLength);
  const minutes = minutesOf(policy.codeLifetimeSeconds);
  const own = ownTemplates(app);
  return [...own, ...builtInTemplates(app)].map(({ path, template }, index) => {
    const fill = (value: string) => fillTemplate(template, { name: app.name, minutes, code: value });
    const text = withAutofill(fill(code), app, code);
    return { path, isBuiltIn: index >= own.length, sentence: fill("{code}"), text, size: measureSms(text) };
  });
}

function ownTemplates(app: App): readonly Found[] {
  const byCountry = Object.entries(app.byCountry ?? {});
  return [
    ...listTemplates([app.role, "templates"], app.templates),
    ...byCountry.flatMap(([country, { templates = {} }]) =>
      listTemplates([app.role, "byCountry", country, "templates"], templates),
    ),
  ];
}

function builtInTemplates(app: App): readonly Found[] {
  const builtIn = listTemplates([app.role, "templates"], BUILT_IN_TEMPLATES);
  const isBare = app.countries.some((country) =>
    inCountry(app, country).templates.every((templates) => Object.keys(templates).length === 0),
  );
  const inIndia = inCountry(app, "IN");
  const registered = new Set(PURPOSES.map((purpose) => registeredTemplate(app, inIndia, purpose)));
  return builtIn.filter(({ template }) => isBare || registered.has(template));
}

function listTemplates(path: readonly string[], templates: Templates): readonly Found[] {
  return Object.entries(templates).flatMap(([locale, byPurpose]) => {
    if (typeof byPurpose === "string") return [{ path: [...path, locale], template: byPurpose }];
    return PURPOSES.flatMap((purpose) => {
      const template = byPurpose[purpose];
      return template === undefined ? [] : [{ path: [...path, locale, ...unlessFirst(purpose)], template }];
    });
  });
}

/** What a text alone is for needs no name. */
function unlessFirst(purpose: Purpose): readonly string[] {
  return purpose === PURPOSES[0] ? [] : [purpose];
}
