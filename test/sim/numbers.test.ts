import { describe, expect, it } from "vitest";
import { parsePhone } from "../../src/phone.ts";
import { createChance } from "./chance.ts";
import { createNumberPlan, NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import { SIM_COUNTRIES } from "./world.ts";

describe.each(SIM_COUNTRIES)("numbers of %s", (country) => {
  it("are those that the service makes of them", () => {
    const chance = createChance(country);
    const plan = createNumberPlan(country, chance);
    const app = { defaultCountry: "IN", countries: SIM_COUNTRIES, testNumbers: {} } as const;
    for (let index = 0; index < 50; index += 1) {
      const phone = phoneIn(plan.pickPopular(chance), chance.below(NUMBERS_OF_A_RANGE));
      expect(parsePhone(phone.e164, { app, testNumbers: new Set() })).toEqual({ ok: true, phone });
    }
  });
});
