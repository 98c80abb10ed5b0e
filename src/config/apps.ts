import { isSupportedCountry } from "libphonenumber-js/max";
import type { CountryCode } from "libphonenumber-js/max";
import * as z from "zod/mini";
import { dltTemplate, templateProblem } from "../sms/template.ts";

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

const appFields = z.strictObject({
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
  audience: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  accessTokenSeconds: z._default(seconds(86_400), 900),
  refreshTokenSeconds: z._default(seconds(34_560_000), 2_592_000),
  refreshRotation: z._default(z.enum(["rotate", "keep"]), "rotate"),
  directory: z._default(z.enum(["fail", "proceed"]), "fail"),
  testNumbers: z.optional(z.record(z.string(), z.string())),
});

type AppFields = z.infer<typeof appFields>;

const appSchema = appFields.check(
  z.refine(
    ({ countries, defaultCountry }) => countries?.includes(defaultCountry) ?? true,
    "wants its defaultCountry among its countries",
  ),
  z.refine(
    (app) => app.dlt?.text === undefined || dltTemplate(app, app.dlt.text) !== null,
    "wants a template that equals dlt.text to the letter, with {#var#} for code and minutes",
  ),
);

/** `APPS`: one entry a role. An entry without `countries` serves its default country alone. */
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

export type App = Readonly<Omit<AppFields, "default" | "countries" | "audience">> & {
  readonly role: string;
  readonly countries: readonly CountryCode[];
  /** `aud` of its access tokens: the role's own, so that no backend takes another role's by mistake. */
  readonly audience: string;
};

export interface Apps {
  readonly byRole: ReadonlyMap<string, App>;
  readonly defaultRole: string;
}

export function createApps(parsed: z.infer<typeof appsSchema>): Apps {
  const entries = Object.entries(parsed);
  const byRole = new Map(entries.map(([role, app]) => [role, completeApp(role, app)]));
  const [defaultRole = ""] = entries.find(([, app]) => app.default) ?? entries[0] ?? [];
  return { byRole, defaultRole };
}

function completeApp(role: string, app: z.infer<typeof appSchema>): App {
  return { ...app, role, countries: app.countries ?? [app.defaultCountry], audience: app.audience ?? role };
}

function countDefaults(apps: z.infer<typeof appsSchema>): number {
  return Object.values(apps).filter((app) => app.default).length;
}
