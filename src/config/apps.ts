import { isSupportedCountry } from "libphonenumber-js/max";
import type { CountryCode } from "libphonenumber-js/max";
import * as z from "zod/mini";
import type { Templates } from "../sms/template.ts";
import { PURPOSES, templateProblem } from "../sms/template.ts";
import { carrierFields } from "./carrier.ts";
import { turnstile } from "./turnstile.ts";

const isoCode = z
  .string()
  .check(z.refine(isSupportedCountry, "wants an ISO 3166-1 country code in capitals, such as IN"));

const country = z.pipe(isoCode, z.custom<CountryCode>());

const locale = z
  .string()
  .check(z.regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "wants a BCP 47 tag, such as en or hi-IN"));

const template = z.string().check(({ value, issues }) => {
  const problem = templateProblem(value);
  if (problem !== null) issues.push({ code: "custom", message: problem, input: value });
});

/** Need not exist: those that carriers keep free are the best. */
const testNumber = z.string().check(z.regex(/^\+[1-9]\d{6,14}$/, "wants test numbers in E.164"));

const byPurpose = z
  .strictObject(
    Object.fromEntries(PURPOSES.map((purpose) => [purpose, z.optional(template)])),
    "wants a text, or texts by purpose",
  )
  .check(z.refine((texts) => Object.keys(texts).length > 0, "wants a text, or texts by purpose"));

const templates = z.record(
  locale,
  z.pipe(
    z.transform((value) => (typeof value === "string" ? { "sign-in": value } : value)),
    byPurpose,
  ),
);

const countryFields = z.strictObject({ ...carrierFields, templates: z.optional(templates) });

/** As browsers compare it with the page's own: no address, port or dot at the end. */
const domain = z.hostname("wants a domain, such as app.example.com").check(
  z.toLowerCase(),
  z.refine((name) => !/(^|\.)\d*$/.test(name), "wants a domain, such as app.example.com"),
);

const seconds = (maximum: number) => z.int().check(z.gte(1), z.lte(maximum));

export const appFields = z.strictObject({
  name: z.string().check(z.minLength(1), z.maxLength(40)),
  default: z._default(z.boolean(), false),
  defaultCountry: country,
  countries: z.optional(z.array(country).check(z.minLength(1))),
  requireChallenge: z._default(z.boolean(), false),
  ...carrierFields,
  androidHash: z.optional(
    z.string().check(z.regex(/^[A-Za-z0-9+/]{11}$/, "wants the 11 characters of the app's hash")),
  ),
  webDomain: z.optional(domain),
  templates: z._default(templates, {}),
  fallbackLocales: z.optional(z.array(locale)),
  maxParts: z.optional(z.int().check(z.gte(1), z.lte(10))),
  byCountry: z.optional(z.record(isoCode, countryFields)),
  audience: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  accessTokenSeconds: z._default(seconds(86_400), 900),
  refreshTokenSeconds: z._default(seconds(34_560_000), 2_592_000),
  refreshRotation: z._default(z.enum(["rotate", "keep"]), "rotate"),
  directory: z._default(z.enum(["fail", "proceed"]), "fail"),
  turnstile: z.optional(turnstile),
  testNumbers: z.optional(
    z.record(testNumber, z.string().check(z.regex(/^\d{4,10}$/, "wants codes of digits"))),
  ),
});

type AppFields = z.infer<typeof appFields>;

const appSchema = appFields.check(
  z.refine(
    ({ countries, defaultCountry }) => countries?.includes(defaultCountry) ?? true,
    "wants its defaultCountry among its countries",
  ),
  z.refine(
    ({ byCountry = {}, countries, defaultCountry }) =>
      Object.keys(byCountry).every((iso) => (countries ?? [defaultCountry]).some((served) => served === iso)),
    { path: ["byCountry"], error: "wants only countries that the role serves" },
  ),
  z.refine(
    ({ byCountry = {} }) => Object.entries(byCountry).every(([iso, { dlt }]) => iso === "IN" || !dlt),
    { path: ["byCountry"], error: "wants dlt for IN alone" },
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

/** What `byCountry` can say anew for the numbers of one country. */
export type CountryFields = Readonly<Omit<z.infer<typeof countryFields>, "templates">> & {
  readonly templates?: Templates | undefined;
};

export type App = Readonly<
  Omit<AppFields, "default" | "countries" | "audience" | "templates" | "byCountry">
> & {
  readonly templates: Templates;
  readonly byCountry?: Readonly<Record<string, CountryFields>> | undefined;
  readonly role: string;
  readonly countries: readonly CountryCode[];
  /** `aud` of its access tokens: the role's own, so that no backend takes another role's by mistake. */
  readonly audience: string;
};

export interface Apps {
  readonly byRole: ReadonlyMap<string, App>;
  readonly defaultRole: string;
  /** Of all roles, in E.164. */
  readonly testNumbers: ReadonlySet<string>;
  /** Where the roles' web pages stand: their `webDomain`, and the hosts of their `turnstile`. */
  readonly pageHosts: ReadonlySet<string>;
}

export function createApps(parsed: z.infer<typeof appsSchema>): Apps {
  const entries = Object.entries(parsed);
  const byRole = new Map(entries.map(([role, app]) => [role, completeApp(role, app)]));
  const [defaultRole = ""] = entries.find(([, app]) => app.default) ?? entries[0] ?? [];
  const testNumbers = new Set(entries.flatMap(([, app]) => Object.keys(app.testNumbers ?? {})));
  const pageHosts = new Set(
    entries.flatMap(([, { webDomain, turnstile: widget }]) => [
      ...(webDomain === undefined ? [] : [webDomain]),
      ...(widget?.hostnames ?? []),
    ]),
  );
  return { byRole, defaultRole, testNumbers, pageHosts };
}

function completeApp(role: string, app: z.infer<typeof appSchema>): App {
  return { ...app, role, countries: app.countries ?? [app.defaultCountry], audience: app.audience ?? role };
}

function countDefaults(apps: z.infer<typeof appsSchema>): number {
  return Object.values(apps).filter((app) => app.default).length;
}
