import type { CountryCode, NumberType, PhoneNumber } from "libphonenumber-js/max";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import type { App } from "./config/apps.ts";

export interface Phone {
  readonly e164: string;
  readonly country: CountryCode;
  /** The national number in the app's default country, else E.164: what the apps show and send back. */
  readonly display: string;
  /** For messages and logs. */
  readonly masked: string;
  /** Of a test number; null for all others. */
  readonly fixedCode: string | null;
}

/** The app that a number signs in to, and the test numbers of all apps. */
export interface PhoneRules {
  readonly app: Pick<App, "countries" | "defaultCountry" | "testNumbers">;
  readonly testNumbers: ReadonlySet<string>;
}

export type PhoneRefusal = "invalid_phone" | "country_not_allowed" | "number_not_allowed";
export type PhoneResult =
  { readonly ok: true; readonly phone: Phone } | { readonly ok: false; readonly reason: PhoneRefusal };

/** Lines that a person can carry: landlines, premium, toll-free, VoIP and the rest get no code. */
const ALLOWED_TYPES: ReadonlySet<NumberType> = new Set<NumberType>(["MOBILE", "FIXED_LINE_OR_MOBILE"]);

/** Spaces, punctuation of every kind, and the invisible marks that come along from a contact list. */
const PUNCTUATION = /[\s\p{P}\p{Cf}\p{Zs}~\u2212\u223c\u30fc]/gu;

/**
 * E.164 or national for the app's default country, in any digits and with any punctuation, to one number. Test numbers
 * need not exist, and are refused by every app that does not name them.
 */
export function parsePhone(text: string, { app, testNumbers }: PhoneRules): PhoneResult {
  const plain = toAsciiDigits(text.normalize("NFKC"))
    .replace(/^\s*tel:/i, "")
    .replace(PUNCTUATION, "");
  if (!/^\+?\d{4,20}$/.test(plain)) return { ok: false, reason: "invalid_phone" };
  const parsed = parsePhoneNumberFromString(plain, { defaultCountry: app.defaultCountry, extract: false });
  if (parsed === undefined) return { ok: false, reason: "invalid_phone" };
  const { country = app.defaultCountry, number } = parsed;
  const masked = maskPhone(parsed.nationalNumber);
  const phone = { e164: number, country, display: displayOf(parsed, app), masked };
  const fixedCode = app.testNumbers?.[number];
  if (fixedCode !== undefined) return { ok: true, phone: { ...phone, fixedCode } };
  if (testNumbers.has(number)) return { ok: false, reason: "number_not_allowed" };
  const type = parsed.getType();
  if (type === undefined && !parsed.isValid()) return { ok: false, reason: "invalid_phone" };
  if (parsed.country === undefined || !app.countries.includes(parsed.country))
    return { ok: false, reason: "country_not_allowed" };
  if (!ALLOWED_TYPES.has(type)) return { ok: false, reason: "number_not_allowed" };
  return { ok: true, phone: { ...phone, fixedCode: null } };
}

/** A valid number as the app's people write it. */
export function displayPhone(e164: string, app: Pick<App, "defaultCountry">): string {
  const parsed = parsePhoneNumberFromString(e164);
  return parsed === undefined ? e164 : displayOf(parsed, app);
}

function displayOf(parsed: PhoneNumber, { defaultCountry }: Pick<App, "defaultCountry">): string {
  return parsed.country === defaultCountry ? parsed.nationalNumber : parsed.number;
}

/** The first two and last four digits of a number of ten digits or more, only the last two of a shorter one. */
export function maskPhone(national: string): string {
  return national.length >= 10
    ? `${national.slice(0, 2)}****${national.slice(-4)}`
    : `****${national.slice(-2)}`;
}

/** Unicode gives every script its ten digits in a row, so a digit's value is its place in its row. */
export function toAsciiDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const codePoint = digit.codePointAt(0) ?? 0;
    let before = codePoint;
    while (/\p{Nd}/u.test(String.fromCodePoint(before - 1))) before -= 1;
    return String((codePoint - before) % 10);
  });
}
