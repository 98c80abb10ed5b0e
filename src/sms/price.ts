import type { Policy } from "../config/policy.ts";
import { measureSms } from "./measure.ts";

/** What a text to this country costs, in millionths of a US dollar; undefined where the table has no price. */
export function smsPriceMicroUsd(
  { text, country }: { readonly text: string; readonly country: string },
  { smsPricesUsd }: Pick<Policy, "smsPricesUsd">,
): number | undefined {
  const prices: Readonly<Record<string, number>> = smsPricesUsd;
  const price = prices[Object.hasOwn(prices, country) ? country : "*"];
  return price === undefined ? undefined : Math.round(price * 1e6) * measureSms(text).parts;
}
