import { pickBot, pickPlace } from "./addresses.ts";
import { createChance } from "./chance.ts";
import { createDelivery } from "./delivery.ts";
import type { Month } from "./month.ts";
import { NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import type { Person } from "./person.ts";
import { signIn } from "./person.ts";
import type { Role } from "./service.ts";
import { ROLES } from "./service.ts";
import { DAY, HOUR, MONTH_DAYS, SECOND, WORLD } from "./world.ts";

/** People whose number somebody floods, some days each; every other one has proof of an earlier sign-in. */
export function startBombers(month: Month): void {
  const { bomber } = WORLD;
  const daysEach = Math.min(bomber.daysEach, month.days);
  const count = Math.max(2, Math.round((bomber.victims * month.days) / MONTH_DAYS));
  for (let victim = 0; victim < count; victim += 1) {
    const begins = WORLD.startsAt + ((victim * (month.days - daysEach)) / count) * DAY;
    month.time.start(() => bomb(victim, { month, begins, ends: begins + daysEach * DAY }));
  }
}

interface Bombing {
  readonly month: Month;
  readonly begins: number;
  readonly ends: number;
}

async function bomb(victim: number, bombing: Bombing): Promise<void> {
  const { month, begins } = bombing;
  const chance = createChance(`${month.seed}/bomber/${victim}`);
  const owner: Person = {
    country: "IN",
    phone: phoneIn(month.numbers.IN.pickPopular(chance), chance.below(NUMBERS_OF_A_RANGE)),
    role: chance.pick(ROLES),
    place: pickPlace("IN", chance),
    delivery: createDelivery({ carrier: "jio", chance, days: month.days }),
    sendsChallengeId: chance.happens(0.5),
    isProven: victim % 2 === 0,
    typing: WORLD.person.typing,
    wrongNumber: null,
  };
  await month.time.sleepUntil(begins);
  for (const role of ROLES) month.time.start(() => flood({ victim, owner, role }, bombing));
  month.time.start(() => signInDaily(owner, { ...bombing, victim }));
}

/** Each SMS as soon as it is allowed. */
async function flood(
  { victim, owner, role }: { victim: number; owner: Person; role: Role },
  { month, ends }: Bombing,
): Promise<void> {
  const { time, service, ledger } = month;
  const chance = createChance(`${month.seed}/bomber/${victim}/${role}`);
  while (time.now < ends) {
    const caller = { phone: owner.phone, role, from: pickBot(chance), isProven: false };
    const { result } = await service.send(caller);
    if (result.ok) ledger.countBomb(victim, time.now);
    const waitMs = result.ok
      ? result.resendInSeconds * SECOND
      : result.refusal.reason === "over_limit"
        ? result.refusal.longest.waitMs
        : 0;
    await time.sleep(Math.max(waitMs, SECOND));
  }
}

/** At any hour when people are awake, beginning when the flood has had its day. */
async function signInDaily(
  owner: Person,
  { month, victim, begins, ends }: Bombing & { victim: number },
): Promise<void> {
  const { time, ledger } = month;
  const chance = createChance(`${month.seed}/bomber/${victim}/owner`);
  const every = DAY / WORLD.bomber.ownerSignInsPerDay;
  for (let from = begins + 2 * HOUR; from + every <= ends; from += every) {
    await time.sleepUntil(from + chance.unit() * 0.9 * every);
    ledger.countOwner(owner.isProven, await signIn(owner, { ...month, chance }));
  }
}
