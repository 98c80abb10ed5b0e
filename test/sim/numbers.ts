import type { Phone } from "../../src/phone.ts";
import { maskPhone, parsePhone } from "../../src/phone.ts";
import type { Chance } from "./chance.ts";
import type { SimCountry } from "./world.ts";
import { WORLD } from "./world.ts";

/** A block of 10,000 consecutive numbers: all but the last four digits. */
export interface NumberRange {
  readonly country: SimCountry;
  readonly national: string;
}

/** A country's ranges, for honest people and others. */
export interface NumberPlan {
  /** Where honest people are, some ranges being more popular than others. */
  readonly popular: readonly NumberRange[];
  pickPopular(chance: Chance): NumberRange;
}

export const NUMBERS_OF_A_RANGE = 10_000;

export function createNumberPlan(country: SimCountry, chance: Chance): NumberPlan {
  const popular = createRanges(country, WORLD.countries[country].prefixes, chance);
  return {
    popular,
    // Squaring makes the density fall with the square root of the rank.
    pickPopular: (of) => popular[Math.floor(of.unit() ** 2 * popular.length)] ?? of.pick(popular),
  };
}

/** Different ranges of mobile numbers. */
export function createRanges(country: SimCountry, count: number, chance: Chance): readonly NumberRange[] {
  const found = new Set<string>();
  while (found.size < count) {
    const national = createPrefix(country, chance);
    if (isMobile({ country, national })) found.add(national);
  }
  return [...found].map((national) => ({ country, national }));
}

/** As `parsePhone` would have it, without its price: the numbers of a range have one country and one type. */
export function phoneIn({ country, national }: NumberRange, index: number): Phone {
  const number = `${national}${String(index % NUMBERS_OF_A_RANGE).padStart(4, "0")}`;
  const e164 = `+${WORLD.countries[country].callingCode}${number}`;
  const display = country === "IN" ? number : e164;
  return { e164, country, display, masked: maskPhone(number), fixedCode: null };
}

function isMobile(range: NumberRange): boolean {
  const app = { defaultCountry: range.country, countries: [range.country], testNumbers: {} };
  return parsePhone(phoneIn(range, NUMBERS_OF_A_RANGE / 2).e164, { app, testNumbers: new Set() }).ok;
}

function createPrefix(country: SimCountry, chance: Chance): string {
  const { prefix } = WORLD.countries[country];
  const length = PREFIX_LENGTHS[country];
  for (;;) {
    const digits = String(chance.below(10 ** length)).padStart(length, "0");
    if (prefix.test(digits)) return digits;
  }
}

const PREFIX_LENGTHS = { IN: 6, US: 6, GB: 6, AE: 5, BD: 6, NP: 6, ID: 7 } as const satisfies Record<
  SimCountry,
  number
>;
