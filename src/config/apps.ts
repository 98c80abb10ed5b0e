import { isSupportedCountry } from "libphonenumber-js/max";
import type { CountryCode } from "libphonenumber-js/max";
import * as z from "zod/mini";
import { templateProblem } from "../sms/template.ts";

const country = z.pipe(
  z.string().check(z.refine(isSupportedCountry, "wants an ISO 3166-1 country code in capitals, such as IN")),
  z.custom<CountryCode>(),
);

const locale = z
  .string()
  .check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "wants a BCP 47 tag, such as en or hi-IN"));

const template = z.string().check(({ value, issues }) => {
  const problem = templateProblem(value);
  if (problem !== null) issues.push({ code: "custom", message: problem, input: value });
});

const seconds = (maximum: number) => z.int().check(z.gte(1), z.lte(maximum));

const appSchema = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  default: z._default(z.boolean(), false),
  defaultCountry: country,
  countries: z.optional(z.array(country).check(z.minLength(1))),
  requireChallenge: z._default(z.boolean(), false),
  senderId: z.optional(
    z
      .string()
      .check(
        z.regex(/^(?=.*[A-Za-z])[A-Za-z0-9]{1,11}$/, "wants 1 to 11 letters or digits, one letter at least"),
      ),
  ),
  androidHash: z.optional(
    z.string().check(z.regex(/^[A-Za-z0-9+/]{11}$/, "wants the 11 characters of the app's hash")),
  ),
  webDomain: z.optional(z.hostname()),
  dlt: z.optional(
    z.strictObject({
      entityId: z.string().check(z.regex(/^\d{1,50}$/, "wants digits")),
      templateId: z.string().check(z.regex(/^\d{1,50}$/, "wants digits")),
      text: z.optional(z.string()),
    }),
  ),
  templates: z._default(z.record(locale, template), {}),
  audience: z.optional(z.string().check(z.minLength(1))),
  accessTokenSeconds: z.optional(seconds(86_400)),
  refreshTokenSeconds: z.optional(seconds(34_560_000)),
  refreshRotation: z.optional(z.enum(["rotate", "keep"])),
  directory: z._default(z.enum(["fail", "proceed"]), "fail"),
  testNumbers: z.optional(z.record(z.string(), z.string())),
});

/** `APPS`: one entry a role (DESIGN section 6). An entry without `countries` serves its default country alone. */
export const appsSchema = z
  .record(
    z.string().check(z.regex(/^[A-Za-z][A-Za-z0-9_-]{0,31}$/, "wants roles of letters, digits, _ or -")),
    appSchema,
  )
  .check(
    z.refine((apps) => Object.keys(apps).length > 0, "wants at least one role"),
    z.refine(
      (apps) => countDefaults(apps) === 1 || Object.keys(apps).length === 1,
      "wants `default: true` in exactly one role",
    ),
  );

export type App = Readonly<Omit<z.infer<typeof appSchema>, "default" | "countries">> & {
  readonly role: string;
  readonly countries: readonly CountryCode[];
};

export interface Apps {
  readonly byRole: ReadonlyMap<string, App>;
  readonly defaultRole: string;
}

export function createApps(parsed: z.infer<typeof appsSchema>): Apps {
  const entries = Object.entries(parsed);
  const byRole = new Map(
    entries.map(([role, app]) => [role, { ...app, role, countries: app.countries ?? [app.defaultCountry] }]),
  );
  const [defaultRole = ""] = entries.find(([, app]) => app.default) ?? entries[0] ?? [];
  return { byRole, defaultRole };
}

function countDefaults(apps: z.infer<typeof appsSchema>): number {
  return Object.values(apps).filter((app) => app.default).length;
}
