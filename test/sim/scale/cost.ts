import { byteDays } from "./ceilings.ts";
import { PER_REQUEST } from "./limits.ts";
import type { Load } from "./load.ts";
import { DAYS_A_MONTH } from "./mix.ts";
import type { Price } from "./prices.ts";
import { PRICES } from "./prices.ts";
import { SMS_PRICES } from "../sms-prices.ts";
import type { Stored } from "./storage.ts";

/** An invocation log and our own line, both on by default. */
const LOG_LINES = 2;
const MILLION = 1e6;

export interface Cost {
  readonly name: string;
  /** Of a million sign-ins. */
  readonly dollars: number;
}

/** What a million sign-ins cost, but for the SMS. CPU time is not measured here: it is the most that the free plan allows. */
export function platformCosts(load: Load, stored: readonly Stored[]): readonly Cost[] {
  const units: readonly (readonly [Price, number])[] = [
    [PRICES.requests, load.requests],
    [PRICES.cpu, load.requests * PER_REQUEST.cpuMsFree],
    [PRICES.logs, load.requests * LOG_LINES],
    [PRICES.points, load.requests],
    [PRICES.commands, load.commands],
    [PRICES.bandwidth, load.bytes],
    [PRICES.storage, byteDays(stored) / DAYS_A_MONTH],
  ];
  return units.map(([{ name, dollars, per }, perSignIn]) => ({
    name,
    dollars: (MILLION * perSignIn * dollars) / per,
  }));
}

/** The shares of those who sign in, by country; they add up to one. */
export type Audience = Readonly<Partial<Record<keyof typeof SMS_PRICES, number>>>;

export function smsCost(load: Load, audience: Audience): number {
  return MILLION * load.publishes * meanOf(audience, ({ sns }) => sns);
}

/** What Twilio Verify takes for a million: a fee for each success, and each SMS. Null where its price of an SMS is not known. */
export function twilioCost(load: Load, audience: Audience): number | null {
  const isKnown = countriesOf(audience).every(([country]) => SMS_PRICES[country].twilio !== null);
  if (!isKnown) return null;
  const sms = meanOf(audience, ({ twilio }) => twilio ?? 0);
  return MILLION * (PRICES.twilioVerify.dollars + load.publishes * sms);
}

type PricesOfSms = (typeof SMS_PRICES)[keyof typeof SMS_PRICES];

function meanOf(audience: Audience, price: (of: PricesOfSms) => number): number {
  return countriesOf(audience).reduce((sum, [country, share]) => sum + share * price(SMS_PRICES[country]), 0);
}

function countriesOf(audience: Audience): readonly (readonly [keyof typeof SMS_PRICES, number])[] {
  return Object.entries(audience) as [keyof typeof SMS_PRICES, number][];
}

export function sumOf(costs: readonly Cost[]): number {
  return costs.reduce((sum, { dollars }) => sum + dollars, 0);
}
