import type { Policy } from "../../src/config/policy.ts";

/** The roles of the histories: one that keeps its refresh tokens as the apps in the field do, and two that rotate. */
export const ROLES = ["customer", "transporter", "driver"] as const;
export type Role = (typeof ROLES)[number];

export const REFRESH_SECONDS = 172_800;

const app = { defaultCountry: "IN", countries: ["IN"], refreshTokenSeconds: REFRESH_SECONDS } as const;

export const APPS = {
  customer: { ...app, name: "Weelo", default: true, refreshRotation: "keep" },
  transporter: { ...app, name: "Weelo Captain", refreshRotation: "rotate" },
  driver: { ...app, name: "Weelo Captain", refreshRotation: "rotate", requireChallenge: true },
} as const satisfies Record<Role, object>;

/** Two of one prefix and one of another, as people type them. */
export const PHONES = ["9876543210", "9876543211", "9123456780"] as const;

/** One for each caller. */
export const ADDRESSES = ["203.0.113.1", "203.0.113.2", "198.51.100.7"] as const;

/** How far the clock of the location that each caller meets is ahead of the store's, in ms. */
export const AHEAD_MS = { inStep: [0, 0, 0], apart: [0, 1200, -800] } as const;

export type Clocks = keyof typeof AHEAD_MS;

/**
 * A history runs under one of these: as it comes, and with limits so small that short histories meet them. In tests the
 * default's numbers would be met by hardly any.
 */
export const POLICIES = {
  "as it comes": {},
  "small days": {
    resendAfterSeconds: 10,
    sendsPerHour: 3,
    sendsPerDay: 3,
    sendsPerDayPerNumber: 4,
    sendsPerDayReserve: 1,
    guessesPerChallenge: 2,
  },
  "short codes": {
    codeLifetimeSeconds: 60,
    resendAfterSeconds: 5,
    sendsPerHour: 5,
    sendsPerDay: 6,
    guessesPerChallenge: 3,
  },
  "small budgets": {
    resendAfterSeconds: 0,
    sendsPerHourPerIp: 4,
    verifiesPerHourPerIp: 4,
    smsPerDay: 7,
    smsPerDayPerRole: { driver: 2 },
    guessesPerChallenge: 2,
  },
} as const satisfies Record<string, Partial<Policy>>;

export type PolicyName = keyof typeof POLICIES;
export const POLICY_NAMES = Object.keys(POLICIES) as readonly PolicyName[];
