/**
 * @typedef {object} Country
 * @property {string} code ISO 3166-1
 * @property {string} name
 * @property {string} dial the calling code, without a plus
 * @property {readonly number[]} groups how many digits stand together in a mobile number
 * @property {string} example
 */

/**
 * What somebody typed, pasted or let fill in: with or without the country, in any digits and with any punctuation.
 * Where it names a country that is not in the list, `country` is null and the digits begin with its calling code.
 * @param {string} text
 * @param {Country} country that a number without one is of
 * @param {readonly Country[]} countries
 * @returns {{ country: Country | null, digits: string }}
 */
export function readNumber(text, country, countries) {
  const plain = toAsciiDigits(text).replaceAll(/[^\d+]/g, "");
  const international = /^(?:\+|00)(\d*)$/.exec(plain)?.[1];
  if (international === undefined)
    return { country, digits: withoutPrefix(plain.replaceAll("+", ""), country) };
  const named = [country, ...countries].find(({ dial }) => international.startsWith(dial));
  if (named === undefined) return { country: null, digits: international };
  return { country: named, digits: withoutPrefix(international.slice(named.dial.length), named) };
}

/**
 * In the groups that people of the country write; what is longer than their numbers are, as it is.
 * @param {string} digits
 * @param {Country} country
 */
export function formatNumber(digits, { groups }) {
  if (digits.length > lengthOf(groups)) return digits;
  const starts = groups.map((_, index) => lengthOf(groups.slice(0, index)));
  const parts = groups.map((length, index) => digits.slice(starts[index]).slice(0, length));
  return parts.filter(Boolean).join(" ");
}

/**
 * E.164.
 * @param {{ country: Country | null, digits: string }} number
 */
export const toE164 = ({ country, digits }) => `+${country?.dial ?? ""}${digits}`;

/**
 * For people: +91 98765 43210.
 * @param {{ country: Country | null, digits: string }} number
 */
export const toText = ({ country, digits }) =>
  country === null ? `+${digits}` : `+${country.dial} ${formatNumber(digits, country)}`;

/**
 * Unicode gives every script its ten digits in a row, so a digit's value is its place in its row.
 * @param {string} text
 */
export function toAsciiDigits(text) {
  return text.normalize("NFKC").replaceAll(/\p{Nd}/gu, (digit) => {
    const codePoint = digit.codePointAt(0) ?? 0;
    let before = codePoint;
    while (/\p{Nd}/u.test(String.fromCodePoint(before - 1))) before -= 1;
    return String((codePoint - before) % 10);
  });
}

/**
 * Without the 0 that some dial at home, or a calling code that has lost its plus.
 * @param {string} digits
 * @param {Country} country
 */
function withoutPrefix(digits, { dial, groups }) {
  const tooMany = digits.length - lengthOf(groups);
  const prefix = ["0", dial].find((text) => text.length === tooMany && digits.startsWith(text));
  return prefix === undefined ? digits : digits.slice(prefix.length);
}

/** @param {readonly number[]} groups */
const lengthOf = (groups) => groups.reduce((sum, length) => sum + length, 0);
