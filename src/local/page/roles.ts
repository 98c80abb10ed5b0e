import { getCountryCallingCode, getExampleNumber, type CountryCode } from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import { appsSchema, createApps } from "../../config/apps.ts";

/** An entry of `APPS`, as the sign-in form needs it. */
export interface Role {
  readonly role: string;
  /** Of the app that the person signs in to. */
  readonly app: string;
  /** The default country first, then by name. */
  readonly countries: readonly Country[];
}

export interface Country {
  /** ISO 3166-1. */
  readonly code: string;
  readonly name: string;
  /** The calling code, without a plus. */
  readonly dial: string;
  /** How many digits stand together in a mobile number: `[5, 5]` for 98765 43210. */
  readonly groups: readonly number[];
  readonly example: string;
}

/** For a service whose `APPS` cannot be read from here. */
const USUAL_APPS = {
  customer: { name: "edge-otp", default: true, defaultCountry: "IN" },
  transporter: { name: "edge-otp", defaultCountry: "IN" },
  driver: { name: "edge-otp", defaultCountry: "IN" },
};

/** The default role first; the usual three, in India, where `apps` is not what the Worker would take for `APPS`. */
export function describeRoles(apps: unknown): readonly Role[] {
  const parsed = appsSchema.safeParse(apps);
  const { byRole, defaultRole } = createApps(parsed.success ? parsed.data : appsSchema.parse(USUAL_APPS));
  const roles = [...byRole.values()].map(({ role, name, defaultCountry, countries }) => ({
    role,
    app: name,
    countries: inOrder(defaultCountry, countries).map(describeCountry),
  }));
  return roles.sort((a, b) => Number(b.role === defaultRole) - Number(a.role === defaultRole));
}

const names = new Intl.DisplayNames(["en"], { type: "region" });
const nameOf = (code: string): string => names.of(code) ?? code;

function inOrder(first: CountryCode, countries: readonly CountryCode[]): readonly CountryCode[] {
  const others = countries.filter((code) => code !== first);
  return [first, ...others.sort((a, b) => nameOf(a).localeCompare(nameOf(b)))];
}

function describeCountry(code: CountryCode): Country {
  const dial = getCountryCallingCode(code);
  const international = getExampleNumber(code, examples)?.formatInternational() ?? "";
  const groups = international.split(/\D+/).filter(Boolean).slice(1);
  return {
    code,
    name: nameOf(code),
    dial,
    groups: groups.map((group) => group.length),
    example: groups.join(" "),
  };
}
