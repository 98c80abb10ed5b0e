import type { App } from "../config/apps.ts";
import { withAutofill } from "./autofill.ts";
import type { InCountry } from "./in-country.ts";
import type { Purpose, Templates } from "./template.ts";
import { BUILT_IN_TEMPLATES, fillTemplate } from "./template.ts";

export interface Wanted {
  /** BCP 47, as the caller asked. */
  readonly locale: string | null;
  readonly purpose: Purpose;
}

export const DEFAULT_FALLBACK_LOCALES: readonly string[] = ["en"];

/**
 * The registered text where there is one; else the longest tag that matches, `hi-Latn-IN` before `hi`, of the locale
 * that was asked for, then of the app's fallback locales, then the app's first, then our own.
 */
export function chooseTemplate(app: App, here: InCountry, { locale, purpose }: Wanted): string {
  const registered = registeredTemplate(app, here, purpose);
  // Under one DLT template id only its registered text arrives, whatever language was asked for.
  if (registered !== null) return registered;
  const own = textsByTag(here.templates, purpose);
  const builtIn = textsByTag([BUILT_IN_TEMPLATES], purpose);
  const locales = [locale ?? "", ...(app.fallbackLocales ?? DEFAULT_FALLBACK_LOCALES)];
  const tags = locales.flatMap(tagsOf);
  return firstOf(own, tags) ?? [...own.values()][0] ?? firstOf(builtIn, tags) ?? BUILT_IN_TEMPLATES.en;
}

/**
 * The template that is registered with India's carriers, `{#var#}` in the place of code and minutes: as the sentence
 * alone, or as the whole SMS with all that autofill adds. Null where no text is given, or none equals it.
 */
export function registeredTemplate(app: App, { dlt, templates }: InCountry, purpose: Purpose): string | null {
  if (dlt?.text === undefined) return null;
  const asRegistered = (template: string) =>
    fillTemplate(template, { name: app.name, code: "{#var#}", minutes: "{#var#}" });
  const all = [...templates, BUILT_IN_TEMPLATES].flatMap((source) => [
    ...textsByTag([source], purpose).values(),
  ]);
  const equals = (sentence: string) =>
    dlt.text === sentence || dlt.text === withAutofill(sentence, app, "{#var#}");
  return all.find((template) => equals(asRegistered(template))) ?? null;
}

/** Tags in lower case, the texts of earlier sources first. */
export function textsByTag(sources: readonly Templates[], purpose: Purpose): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [tag, template] of sources.flatMap((source) => Object.entries(source))) {
    const byPurpose = typeof template === "string" ? { "sign-in": template } : template;
    const text = byPurpose[purpose];
    const key = tag.toLowerCase();
    if (text !== undefined && !texts.has(key)) texts.set(key, text);
  }
  return texts;
}

/** `hi-Latn-IN`, `hi-Latn`, `hi` (RFC 4647 section 3.4), in lower case. */
export function tagsOf(locale: string): readonly string[] {
  const subtags = locale.toLowerCase().split("-");
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join("-"));
}

function firstOf(texts: ReadonlyMap<string, string>, tags: readonly string[]): string | undefined {
  return texts.get(tags.find((tag) => texts.has(tag)) ?? "");
}
