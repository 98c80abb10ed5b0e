const PLACEHOLDERS = ["code", "minutes", "name"] as const;

export type TemplateValues = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

/** What the people of every app read where its configuration has no words of its own. */
export const BUILT_IN_TEMPLATE = "Your {name} verification code is: {code}. Valid for {minutes} minutes.";

/** A sentence that says what is wrong with a template, or null. */
export function templateProblem(text: string): string | null {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]);
  const unknown = names.find((name) => !PLACEHOLDERS.some((known) => known === name));
  if (unknown !== undefined)
    return `wants only the placeholders ${PLACEHOLDERS.map((name) => `{${name}}`).join(", ")}`;
  return names.filter((name) => name === "code").length === 1 ? null : "wants {code} in it, once";
}

export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replace(/\{(code|minutes|name)\}/g, (_, name: keyof TemplateValues) => values[name]);
}

/** The template that is registered with India's carriers under this text, where code and minutes are `{#var#}`. */
export function dltTemplate(
  { name, templates }: { readonly name: string; readonly templates: Readonly<Record<string, string>> },
  registered: string,
): string | null {
  const asRegistered = (template: string) =>
    fillTemplate(template, { name, code: "{#var#}", minutes: "{#var#}" });
  const all = [...Object.values(templates), BUILT_IN_TEMPLATE];
  return all.find((template) => asRegistered(template) === registered) ?? null;
}
