import { getExampleNumber, isValidPhoneNumber, type CountryCode } from "libphonenumber-js/max";
import examples from "libphonenumber-js/examples.mobile.json";
import type { Random } from "./random.ts";

/** Somebody who signs in. */
export interface Person {
  readonly role: string;
  /** E.164. */
  readonly phone: string;
  /** As the person types it. */
  readonly typed: string;
  /** Where the person is, by ranges that are kept for documentation and tests. */
  readonly address: string;
}

/** Who comes: `share` of them in this role, most from its first country. */
export interface CrowdRole {
  readonly role: string;
  readonly share: number;
  readonly countries: readonly [CountryCode, ...CountryCode[]];
}

export type Crowd = readonly [CrowdRole, ...CrowdRole[]];

const AT_HOME = 0.7;
const TAIL_DIGITS = 7;

export function createPerson(crowd: Crowd, random: Random): Person {
  const { role, countries } = random.pickByShare(crowd);
  const country = random.next() < AT_HOME ? countries[0] : random.pick(countries);
  const phone = mobileIn(country, random);
  return { role, phone, typed: typedBy(phone, random), address: addressOf(random) };
}

/** A mobile number that could be given out: the country's example with other digits at its end. */
export function mobileIn(country: CountryCode, random: Random): string {
  const example = getExampleNumber(country, examples)?.number ?? "+919876543210";
  for (let tries = 0; tries < 50; tries += 1) {
    const tail = Array.from({ length: TAIL_DIGITS }, () => random.below(10)).join("");
    const phone = example.slice(0, -TAIL_DIGITS) + tail;
    if (isValidPhoneNumber(phone)) return phone;
  }
  return example;
}

const INDIA = /^\+91(\d{5})(\d{5})$/;

/** People write their number as they like. The apps in the field send ten digits of India, newer ones E.164. */
function typedBy(phone: string, random: Random): string {
  const [, left = "", right = ""] = INDIA.exec(phone) ?? [];
  if (left === "") return phone;
  const national = left + right;
  return random.pick([national, national, national, `${left} ${right}`, `+91 ${left} ${right}`, phone]);
}

/** Most sit behind the few addresses of their carrier, the first carriers having the most; some have one of their own. */
function addressOf(random: Random): string {
  const kind = random.next();
  if (kind < 0.7) return `203.0.113.${1 + Math.floor(24 * random.next() ** 2)}`;
  if (kind < 0.85) return `198.${18 + random.below(2)}.${random.below(256)}.${random.below(256)}`;
  return `2001:db8:${random.below(65_536).toString(16)}:${random.below(65_536).toString(16)}::1`;
}
