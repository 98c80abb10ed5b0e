const PLACEHOLDERS = ["code", "minutes", "name"] as const;

export type TemplateValues = Readonly<Record<(typeof PLACEHOLDERS)[number], string>>;

/** What a code is for. Another purpose is another name here. */
export const PURPOSES = ["sign-in"] as const;

export type Purpose = (typeof PURPOSES)[number];

/** By locale, then by purpose; a text alone is for `sign-in`. */
export type Templates = Readonly<
  Record<string, string | Readonly<Partial<Record<Purpose, string | undefined>>>>
>;

/** What the people of every app read where its configuration has no words of its own. */
export const BUILT_IN_TEMPLATES = {
  en: "Your {name} verification code is: {code}. Valid for {minutes} minutes.",
  hi: "आपका {name} कोड {code} है। {minutes} मिनट तक मान्य।",
} as const satisfies Templates;

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

/** Whole minutes, as people count what is left. */
export function minutesOf(lifetimeSeconds: number): string {
  return String(Math.max(1, Math.floor(lifetimeSeconds / 60)));
}
