import type { Phone } from "../../src/phone.ts";
import { pickPlace } from "./addresses.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import { createDelivery } from "./delivery.ts";
import type { NumberPlan } from "./numbers.ts";
import { NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import type { Person } from "./person.ts";
import { signIn } from "./person.ts";
import type { Month } from "./month.ts";
import type { Role } from "./service.ts";
import { ROLES } from "./service.ts";
import type { SimCountry } from "./world.ts";
import { DAY, HOUR, MONTH_DAYS, WORLD } from "./world.ts";

/** The honest people of one country, all month. Who comes and when does not depend on what the service does. */
export async function runCrowd(country: SimCountry, month: Month): Promise<void> {
  const { time, ledger } = month;
  const arrivals = createChance(`${month.seed}/crowd/${country}`);
  const busiest = Math.max(...WORLD.honest.hours);
  const perHour = honestPerHour(country, month.scale);
  const met: Phone[] = [];
  for (let index = 0; ; index += 1) {
    await time.sleep(arrivals.exponential(HOUR / (perHour * busiest)));
    if (!arrivals.happens(weightAt(time.now, country) / busiest)) continue;
    const chance = createChance(`${month.seed}/person/${country}/${index}`);
    const person = createPerson(country, { chance, met, month });
    time.start(async () => {
      ledger.countHonest({ kind: "public", country }, await signIn(person, { ...month, chance }));
    });
  }
}

/** Sign-ins an hour for a weight of 1. */
function honestPerHour(country: SimCountry, scale: number): number {
  const { hours, signInsPerMonth } = WORLD.honest;
  const aDay = (signInsPerMonth * scale * WORLD.countries[country].share) / MONTH_DAYS;
  return aDay / hours.reduce<number>((sum, weight) => sum + weight, 0);
}

function weightAt(now: number, country: SimCountry): number {
  const localMs = (now + WORLD.countries[country].utcOffset * HOUR) % DAY;
  return WORLD.honest.hours[Math.floor(localMs / HOUR)] ?? 0;
}

interface Coming {
  readonly chance: Chance;
  /** Everybody who came before. */
  readonly met: Phone[];
  readonly month: Month;
}

function createPerson(country: SimCountry, { chance, met, month }: Coming): Person {
  const { honest, person } = WORLD;
  const plan = month.numbers[country];
  const kind = chance.unit();
  const isBack = kind >= honest.newcomers + honest.fromBefore && met.length > 0;
  const phone = isBack ? chance.pick(met) : pickPhone(plan, chance);
  if (!isBack) met.push(phone);
  const place = pickPlace(country, chance);
  return {
    country,
    phone,
    role: roleOf(phone),
    place,
    delivery: createDelivery({ carrier: place.carrier, chance, days: month.days }),
    sendsChallengeId: !chance.happens(honest.withoutChallengeId),
    isProven: kind >= honest.newcomers && chance.happens(honest.withProof),
    typing: person.typing,
    wrongNumber: chance.happens(person.mistypesNumber) ? pickWrongNumber(phone, { plan, chance }) : null,
  };
}

/** One person has one role, every time. Abroad there are customers alone. */
function roleOf({ country, e164 }: Phone): Role {
  return country === "IN" ? (ROLES[Number(e164.slice(-4)) % ROLES.length] ?? "customer") : "customer";
}

function pickPhone(plan: NumberPlan, chance: Chance): Phone {
  return phoneIn(plan.pickPopular(chance), chance.below(NUMBERS_OF_A_RANGE));
}

/** Most slips are in the digits that people know least, the last ones. */
function pickWrongNumber(right: Phone, { plan, chance }: { plan: NumberPlan; chance: Chance }): Phone {
  if (!chance.happens(0.7)) return pickPhone(plan, chance);
  const digits = String(chance.below(NUMBERS_OF_A_RANGE)).padStart(4, "0");
  const change = (text: string) => text.slice(0, -4) + digits;
  return { ...right, e164: change(right.e164), display: change(right.display), masked: change(right.masked) };
}
