import type { SmsCountry } from "../sms-prices.ts";
import { WORLD } from "../world.ts";
import type { SourceName } from "./source.ts";

/** In US dollars, for `per` units. What is included in a plan is left out: a million sign-ins are many more. */
export interface Price {
  readonly name: string;
  readonly dollars: number;
  readonly per: number;
  readonly unit: string;
  readonly source: SourceName;
}

export const PRICES = {
  requests: {
    name: "Workers requests",
    dollars: 0.3,
    per: 1e6,
    unit: "million requests, after 10 million",
    source: "workersPricing",
  },
  cpu: {
    name: "Workers CPU time",
    dollars: 0.02,
    per: 1e6,
    unit: "million ms, after 30 million",
    source: "workersPricing",
  },
  logs: {
    name: "Workers Logs",
    dollars: 0.6,
    per: 1e6,
    unit: "million lines, after 20 million",
    source: "workersLogs",
  },
  points: {
    name: "Analytics Engine points",
    dollars: 0.25,
    per: 1e6,
    unit: "million points, after 10 million",
    source: "analyticsEngine",
  },
  commands: {
    name: "Upstash commands, pay as you go",
    dollars: 0.2,
    per: 1e5,
    unit: "100,000 commands",
    source: "upstashBilling",
  },
  bandwidth: {
    name: "Upstash bandwidth",
    dollars: 0.03,
    per: 1e9,
    unit: "GB, after 200",
    source: "upstashBilling",
  },
  storage: {
    name: "Upstash storage",
    dollars: 0.25,
    per: 1e9,
    unit: "GB and month, after 1",
    source: "upstashBilling",
  },
  twilioVerify: {
    name: "Twilio Verify, beside the SMS",
    dollars: 0.05,
    per: 1,
    unit: "success",
    source: "twilioVerify",
  },
} as const satisfies Readonly<Record<string, Price>>;

/** A month, whatever happens. */
export const WORKERS_PAID_DOLLARS = 5;

/**
 * The largest of Upstash's fixed plans, which bill no commands: dollars a month for 500 GB, 20 TB of bandwidth and 10,000
 * to 16,000 commands a second. Quoted by others, not verified here.
 */
export const FIXED_PLAN_DOLLARS = 1500;

/** India without DLT registration: SNS's international route. */
export const INDIA_INTERNATIONAL_DOLLARS = 0.071;

/** Who signs in: India alone, or the countries of the simulated month. */
export const AUDIENCES: Readonly<Record<"India" | "the mix", Readonly<Partial<Record<SmsCountry, number>>>>> =
  {
    India: { IN: 1 },
    "the mix": Object.fromEntries(
      Object.entries(WORLD.countries).map(([country, { share }]) => [country, share]),
    ),
  };
