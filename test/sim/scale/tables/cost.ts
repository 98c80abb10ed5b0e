import { markdownTable } from "../../../report/markdown-table.ts";
import { dollars } from "../../../report/format.ts";
import { platformCosts, smsCost, sumOf, twilioCost } from "../cost.ts";
import { HEADROOM, LIMITS } from "../limits.ts";
import type { Measured } from "../measured.ts";
import { DAYS_A_MONTH, PEAK } from "../mix.ts";
import {
  AUDIENCES,
  FIXED_PLAN_DOLLARS,
  INDIA_INTERNATIONAL_DOLLARS,
  PRICES,
  WORKERS_PAID_DOLLARS,
} from "../prices.ts";

const MILLION = 1e6;

/** In dollars, by item. */
export function costTable({ loads, stored }: Measured): string {
  const [alone, withMonth] = [loads.signIn, loads.withMonth].map((load) => platformCosts(load, stored));
  if (alone === undefined || withMonth === undefined) throw new Error("nothing was measured");
  const items = alone.map(({ name, dollars: cost }, index) => [
    name,
    dollars(cost),
    dollars(withMonth[index]?.dollars ?? 0),
  ]);
  const platform = ["**all but SMS**", dollars(sumOf(alone)), dollars(sumOf(withMonth))];
  const both = (cost: (platform: number) => number | null) =>
    [sumOf(alone), sumOf(withMonth)].map((sum) => {
      const total = cost(sum);
      return total === null ? "–" : dollars(total);
    });
  const sms = Object.entries(AUDIENCES).flatMap(([name, audience]) => [
    [`SMS by SNS, ${name}`, ...both(() => smsCost(loads.signIn, audience))],
    [`**all, ${name}**`, ...both((sum) => sum + smsCost(loads.signIn, audience))],
  ]);
  const fee = MILLION * PRICES.twilioVerify.dollars;
  return markdownTable(
    ["a million sign-ins", "alone", "with a month of refreshes"],
    [
      ...items,
      platform,
      ...sms,
      [
        "SMS by SNS, India on the international route",
        ...both(() => MILLION * loads.signIn.publishes * INDIA_INTERNATIONAL_DOLLARS),
      ],
      ["Twilio Verify, its fee alone", ...both(() => fee)],
      ["Twilio Verify with its SMS, India", ...both(() => twilioCost(loads.signIn, AUDIENCES.India))],
    ],
  );
}

/** What bills no commands is cheaper long before a database is full. */
export function fixedPlan(): string {
  const perSecond = (LIMITS.commands.value * HEADROOM) / PEAK;
  const aMonth = perSecond * 86_400 * DAYS_A_MONTH;
  const payAsYouGo = (aMonth * PRICES.commands.dollars) / PRICES.commands.per;
  return (
    `The plan of Workers is ${dollars(WORKERS_PAID_DOLLARS)} a month. A database that is used to ${100 * HEADROOM} % in the busiest hour costs ` +
    `${dollars(payAsYouGo)} a month for its commands; on Upstash's largest fixed plan (not verified here) ${dollars(FIXED_PLAN_DOLLARS)}.\n`
  );
}
