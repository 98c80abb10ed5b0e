import { pickPlace, wifi } from "./addresses.ts";
import { createChance } from "./chance.ts";
import { createDelivery } from "./delivery.ts";
import type { Month } from "./month.ts";
import { NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import type { Person } from "./person.ts";
import { signIn } from "./person.ts";
import { DAY, HOUR, MINUTE, MONTH_DAYS, WORLD } from "./world.ts";

/** Every fleet's morning, spread over the days of the month. */
export function startFleets(month: Month): void {
  const { fleets } = WORLD;
  const count = Math.max(1, Math.round((fleets.perMonth * month.days) / MONTH_DAYS));
  for (let fleet = 0; fleet < count; fleet += 1) {
    month.time.start(() => runFleet(fleet, { month, day: Math.floor((fleet * month.days) / count) }));
  }
}

async function runFleet(fleet: number, { month, day }: { month: Month; day: number }): Promise<void> {
  const { fleets, startsAt, countries } = WORLD;
  const { time, ledger } = month;
  const chance = createChance(`${month.seed}/fleet/${fleet}`);
  const morning = chance.weighted<Morning>(fleets.mornings);
  const range = month.numbers[fleets.country].pickPopular(chance);
  const first = chance.below(NUMBERS_OF_A_RANGE - fleets.drivers);
  const depot = wifi(fleets.country, chance);
  const opens = (6 + chance.unit() - countries[fleets.country].utcOffset) * HOUR;
  await time.sleepUntil(startsAt + day * DAY + Math.max(0, opens));
  for (let driver = 0; driver < fleets.drivers; driver += 1) {
    const own = createChance(`${month.seed}/fleet/${fleet}/${driver}`);
    const place = pickPlace(fleets.country, own);
    const isAtDepot = own.happens(fleets.atDepot);
    const person: Person = {
      country: fleets.country,
      phone: phoneIn(range, first + driver),
      role: "driver",
      place: isAtDepot ? { ...place, ...depot } : place,
      delivery: createDelivery({ ...place, chance: own, never: morning.never, days: month.days }),
      sendsChallengeId: false,
      isProven: !own.happens(fleets.newcomers) && own.happens(WORLD.honest.withProof),
      typing: morning.typing,
      wrongNumber: null,
    };
    time.start(async () => {
      ledger.countHonest(
        { kind: "fleet", country: fleets.country },
        await signIn(person, { ...month, chance: own }),
      );
    });
    await time.sleep(chance.exponential((morning.within * MINUTE) / fleets.drivers));
  }
}

type Morning = (typeof WORLD.fleets.mornings)[number];
