import type { Policy } from "../../src/config/policy.ts";
import type { Phone } from "../../src/phone.ts";
import { pickBot, pickRented } from "./addresses.ts";
import type { Chance } from "./chance.ts";
import { createChance } from "./chance.ts";
import type { Month } from "./month.ts";
import type { NumberRange } from "./numbers.ts";
import { createRanges, NUMBERS_OF_A_RANGE, phoneIn } from "./numbers.ts";
import type { Sent } from "./service.ts";
import type { RingPlan, SimCountry } from "./world.ts";
import { DAY, HOUR, SECOND, WORLD } from "./world.ts";

/** What a ring asks for next, and what it learns from the answer. */
interface Tactic {
  /** Null when it had better wait. */
  target(now: number): Target | null;
  learn(target: Target, sent: Sent, now: number): void;
  /** Whether it enters the code. */
  enters(): boolean;
}

interface Target {
  readonly range: NumberRange;
  readonly phone: Phone;
}

/** A ring on its days of the month, from as many addresses as it sends SMS. */
export async function runRing(plan: RingPlan, month: Month): Promise<void> {
  const { time, service, ledger } = month;
  const chance = createChance(`${month.seed}/ring/${plan.name}`);
  const ranges = rangesOf(plan, { month, chance });
  const tactic = createTactic(plan, { ranges, chance, policy: service.policy });

  await time.sleepUntil(WORLD.startsAt + plan.start * month.days * DAY);
  const ends = time.now + plan.hours * HOUR;
  if (plan.tactic === "renter") await moveIn(plan, { month, ranges, chance });
  for (;;) {
    await time.sleep(chance.exponential(HOUR / plan.perHour));
    if (time.now >= ends) return;
    const target = tactic.target(time.now);
    if (target === null) continue;
    const from = plan.tactic === "renter" ? pickRented(plan.name, chance) : pickBot(chance);
    const caller = { phone: target.phone, role: "customer", from } as const;
    const sent = await service.send({ ...caller, isProven: false });
    ledger.countPumped({ ring: plan.name, country: target.range.country }, sent);
    tactic.learn(target, sent, time.now);
    const { result, code } = sent;
    if (!result.ok || code === null || !tactic.enters()) continue;
    time.start(async () => {
      await time.sleep(WORLD.poser.entersAfter * SECOND);
      await service.verify({ ...caller, guess: code, challengeId: result.challengeId });
    });
  }
}

/** Some that honest people use as well, the others its own. */
function rangesOf(
  plan: RingPlan,
  { month, chance }: { month: Month; chance: Chance },
): readonly NumberRange[] {
  return plan.countries.flatMap((country: SimCountry) => {
    const known = Math.round(plan.rangesEach * plan.known);
    const shared = new Set<NumberRange>();
    while (shared.size < known) shared.add(month.numbers[country].pickPopular(chance));
    return [...shared, ...createRanges(country, plan.rangesEach - known, chance)];
  });
}

/** Signs in with a few numbers of its own, so that the networks are known. */
async function moveIn(
  { name }: RingPlan,
  { month, ranges, chance }: { month: Month; ranges: readonly NumberRange[]; chance: Chance },
): Promise<void> {
  for (let number = 0; number < 4 * WORLD.botnet.rentedNetworks; number += 1) {
    const phone = phoneIn(chance.pick(ranges), number);
    const caller = { phone, role: "customer", from: pickRented(name, chance) } as const;
    const { result, code } = await month.service.send({ ...caller, isProven: false });
    if (!result.ok || code === null) continue;
    await month.service.verify({ ...caller, guess: code, challengeId: result.challengeId });
  }
}

interface TacticOptions {
  readonly ranges: readonly NumberRange[];
  readonly chance: Chance;
  readonly policy: Policy;
}

function createTactic({ tactic }: RingPlan, { ranges, chance, policy }: TacticOptions): Tactic {
  const fresh = (range: NumberRange) => ({ range, phone: phoneIn(range, chance.below(NUMBERS_OF_A_RANGE)) });
  const random: Tactic = {
    target: () => fresh(chance.pick(ranges)),
    learn: () => undefined,
    enters: () => false,
  };
  switch (tactic) {
    case "random":
      return random;
    case "poser":
      return { ...random, enters: () => chance.happens(WORLD.poser.verifies) };
    case "sweep":
    case "renter":
      return { ...random, target: inTurn(ranges.map((range) => () => fresh(range))) };
    case "farm": {
      const numbers = Array.from({ length: WORLD.poser.farmNumbers }, () => fresh(chance.pick(ranges)));
      return { ...random, target: inTurn(numbers.map((target) => () => target)), enters: () => true };
    }
    case "evasive":
      return { ...random, ...avoidRefused(ranges, (choices) => fresh(chance.pick(choices))) };
    case "below_thresholds": {
      const most = {
        ofARange: policy.guardSendsPerPrefix - 1,
        ofACountry: Math.floor(policy.guardSendsPerCountry * WORLD.poser.shareOfACountry),
      };
      return { ...random, ...stayBelow(most, () => fresh(chance.pick(ranges))) };
    }
  }
}

function inTurn(targets: readonly (() => Target)[]): Tactic["target"] {
  let next = 0;
  return () => {
    next += 1;
    return targets[(next - 1) % targets.length]?.() ?? null;
  };
}

function avoidRefused(
  ranges: readonly NumberRange[],
  pick: (choices: readonly NumberRange[]) => Target,
): Pick<Tactic, "target" | "learn"> {
  const restsUntil = new Map<NumberRange, number>();
  return {
    target(now) {
      const choices = ranges.filter((range) => (restsUntil.get(range) ?? 0) <= now);
      return choices.length === 0 ? null : pick(choices);
    },
    learn({ range }, { result }, now) {
      if (result.ok || result.refusal.reason !== "over_limit") return;
      restsUntil.set(range, now + result.refusal.longest.waitMs);
    },
  };
}

/** A range's are counted by the day, a country's by the hour. */
function stayBelow(
  most: { readonly ofARange: number; readonly ofACountry: number },
  fresh: () => Target,
): Pick<Tactic, "target" | "learn"> {
  const sentAt = new Map<NumberRange | SimCountry, readonly number[]>();
  const recent = (of: NumberRange | SimCountry, since: number) =>
    (sentAt.get(of) ?? []).filter((at) => at > since);
  return {
    target(now) {
      const target = fresh();
      const { range } = target;
      const isRoom =
        recent(range, now - DAY).length < most.ofARange &&
        recent(range.country, now - HOUR).length < most.ofACountry;
      return isRoom ? target : null;
    },
    learn({ range }, { result }, now) {
      if (!result.ok) return;
      sentAt.set(range, [...recent(range, now - DAY), now]);
      sentAt.set(range.country, [...recent(range.country, now - HOUR), now]);
    },
  };
}
