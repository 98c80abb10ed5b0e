import type { SourceName } from "./source.ts";

/** What a limit counts, for one sign-in and what comes of it. */
export type Counted =
  | "requests a day"
  | "commands a second"
  | "SMS a second"
  | "publishes a second"
  | "SMS a day"
  | "dollars of SMS a month"
  | "stored bytes";

export interface Limit {
  readonly name: string;
  readonly short: string;
  readonly counts: Counted;
  readonly value: number;
  /** What lifts it. */
  readonly lifted: string;
  readonly source: SourceName;
}

/** As they stand without asking anybody, but for the paid plans of Workers and Upstash. */
export const LIMITS = {
  spend: {
    name: "SNS: spend of a new account, $ a month",
    short: "spend",
    counts: "dollars of SMS a month",
    value: 1,
    lifted: "AWS Support, on request; the sandbox ends with it",
    source: "snsQuotas",
  },
  freeRequests: {
    name: "Workers Free: requests a day",
    short: "free plan",
    counts: "requests a day",
    value: 100_000,
    lifted: "Workers Paid: no limit",
    source: "workersLimits",
  },
  ownBudget: {
    name: "`smsPerDay`, our own default",
    short: "smsPerDay",
    counts: "SMS a day",
    value: 100_000,
    lifted: "POLICY",
    source: "policy",
  },
  smsRate: {
    name: "SNS: transactional SMS a second, an account",
    short: "SMS",
    counts: "SMS a second",
    value: 20,
    lifted: "AWS Support, on request",
    source: "snsQuotas",
  },
  commands: {
    name: "Upstash: commands a second, a database",
    short: "commands",
    counts: "commands a second",
    value: 10_000,
    lifted: "more databases: shards",
    source: "upstashBilling",
  },
  storage: {
    name: "Upstash: data of a database, 100 GB",
    short: "data",
    counts: "stored bytes",
    value: 100e9,
    lifted: "more databases: shards",
    source: "upstashBilling",
  },
  publishes: {
    name: "SNS: Publish a second, ap-south-1 and ap-south-2",
    short: "Publish",
    counts: "publishes a second",
    value: 1800,
    lifted: "Service Quotas, on request",
    source: "snsQuotas",
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** Publishes a second and account, by region: a soft quota. */
export const PUBLISH_PER_SECOND = {
  "ap-south-1": 1500,
  "ap-south-2": 300,
  "us-east-1": 30_000,
  "eu-west-1": 9000,
} as const;

/** What one request may do: none of these grows with the number of people. */
export const PER_REQUEST = {
  subrequestsFree: 50,
  subrequestsPaid: 10_000,
  connections: 6,
  cpuMsFree: 10,
  cpuMsPaid: 30_000,
} as const;

/** Of what a database can do, this part is used at the busiest hour, and the rest is for bursts and the next hour. */
export const HEADROOM = 0.7;
