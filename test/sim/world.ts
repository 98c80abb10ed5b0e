import type { CountryCode } from "libphonenumber-js/max";
import type { LogNormal } from "./chance.ts";

const RING_COUNTRIES = ["ID", "BD", "NP", "AE", "GB", "IN"] as const;

/**
 * Every assumption of the simulation. Sources are in brackets; what has none is a guess, taken on the side that makes
 * the service look worse. Shares and probabilities are of one, times are in seconds, money is in US dollars.
 */
export const WORLD = {
  /** A Sunday, so that weeks begin with weekends. */
  startsAt: Date.UTC(2026, 10, 1),

  honest: {
    /**
     * 2,000 a day: a service large enough that each country has a pattern, small enough that six of the seven
     * see fewer than five sign-ins an hour, where a guard that counts has the least to go by.
     */
    signInsPerMonth: 60_000,
    /** Never signed in before. */
    newcomers: 0.45,
    /** Signed in before the month began: the store has no memory of them, their phones may have proof. */
    fromBefore: 0.3,
    /** Of those who return, how many still have a refresh token: a sign-in follows a lost session, often a new phone. */
    withProof: 0.5,
    /** Apps that send no challenge id; the two in the field do not. */
    withoutChallengeId: 0.6,
    /** Wi-Fi to mobile, or the other way, between two requests. */
    changesNetwork: 0.04,
    /** Weight of each hour of the day, local time. */
    hours: [2, 1, 1, 1, 2, 4, 7, 9, 10, 11, 11, 10, 9, 8, 8, 8, 9, 10, 11, 11, 10, 8, 5, 3],
  },

  person: {
    /** From the SMS on the screen to the code in the app. */
    typing: { median: 9, sigma: 0.7 } satisfies LogNormal,
    /** Waits this long for an SMS, and at least until the app allows it, before asking for another. */
    patience: { median: 40, sigma: 0.6 } satisfies LogNormal,
    mostResends: 3,
    /** Each time that patience ends. */
    givesUp: 0.15,
    /** Each time that a code is typed. */
    mistypesCode: 0.05,
    /** Asks for an SMS to somebody else's number of the same prefix or another, and waits for it. */
    mistypesNumber: 0.02,
    /** Has the SMS, and never types the code. */
    forgets: 0.03,
    /** What refused counts by: from the first try on. */
    signsInWithin: 600,
  },

  /** Delivery, by what a sender's carrier does. The first lines are of one published table [startmessaging.com, 2026]. */
  carriers: {
    jio: { never: 0.02, delay: { median: 3.5, sigma: 0.6 } },
    airtel: { never: 0.03, delay: { median: 4.5, sigma: 0.6 } },
    vi: { never: 0.06, delay: { median: 9, sigma: 0.8 } },
    bsnl: { never: 0.1, delay: { median: 16, sigma: 0.9 } },
    western: { never: 0.02, delay: { median: 4, sigma: 0.6 } },
    gulf: { never: 0.04, delay: { median: 6, sigma: 0.7 } },
    /** International routes into a country that throttles them. */
    international: { never: 0.08, delay: { median: 12, sigma: 0.9 } },
  } satisfies Record<string, { readonly never: number; readonly delay: LogNormal }>,
  /** A tail on top: of what arrives, this share is minutes late. */
  slowTail: { share: 0.05, delay: { median: 75, sigma: 0.9 } satisfies LogNormal },
  /** A phone that did not get the first SMS misses the next one too. */
  missesAgain: 0.6,
  /** A carrier stops delivering; what was sent meanwhile arrives late or not at all. `start` is a share of the month. */
  outages: [
    { carrier: "jio", start: 0.205, hours: 0.7 },
    { carrier: "airtel", start: 0.48, hours: 1.5 },
    { carrier: "international", start: 0.71, hours: 3 },
  ],
  outage: { undisturbed: 0.15, lost: 0.3 },

  /**
   * `share` of honest sign-ins. `prefixes`: how many blocks of 10,000 numbers the honest ones are in; the most popular
   * has many times the people of the rarest. `wifiBlocks`: /16s of homes and offices, about half of what each country has. `shared`: IPv4 addresses that all
   * phones of a carrier share, thousands each; `ipv6`: the share of its phones that have a network of their own.
   * What an SMS costs there is in `sms-prices.ts`.
   */
  countries: {
    IN: {
      share: 0.8,
      utcOffset: 5.5,
      callingCode: "91",
      prefix: /^[6-9]\d{5}$/,
      prefixes: 8000,
      wifiBlocks: 300,
      carriers: [
        { weight: 0.45, carrier: "jio", shared: 12, ipv6: 0.6 },
        { weight: 0.32, carrier: "airtel", shared: 12, ipv6: 0.3 },
        { weight: 0.17, carrier: "vi", shared: 40, ipv6: 0.1 },
        { weight: 0.06, carrier: "bsnl", shared: 200, ipv6: 0 },
      ],
    },
    US: {
      share: 0.05,
      utcOffset: -6,
      callingCode: "1",
      prefix: /^(212|312|415|617|713|972)[2-9]\d\d$/,
      prefixes: 1500,
      wifiBlocks: 800,
      carriers: [{ weight: 1, carrier: "western", shared: 400, ipv6: 0.5 }],
    },
    GB: {
      share: 0.04,
      utcOffset: 0,
      callingCode: "44",
      prefix: /^7[4-9]\d{4}$/,
      prefixes: 1200,
      wifiBlocks: 500,
      carriers: [{ weight: 1, carrier: "western", shared: 300, ipv6: 0.5 }],
    },
    AE: {
      share: 0.04,
      utcOffset: 4,
      callingCode: "971",
      prefix: /^5[024568]\d{3}$/,
      prefixes: 600,
      wifiBlocks: 30,
      carriers: [{ weight: 1, carrier: "gulf", shared: 6, ipv6: 0 }],
    },
    BD: {
      share: 0.03,
      utcOffset: 6,
      callingCode: "880",
      prefix: /^1[3-9]\d{4}$/,
      prefixes: 900,
      wifiBlocks: 20,
      carriers: [{ weight: 1, carrier: "international", shared: 8, ipv6: 0 }],
    },
    NP: {
      share: 0.02,
      utcOffset: 5.75,
      callingCode: "977",
      prefix: /^98[0-6]\d{3}$/,
      prefixes: 500,
      wifiBlocks: 6,
      carriers: [{ weight: 1, carrier: "international", shared: 8, ipv6: 0 }],
    },
    ID: {
      share: 0.02,
      utcOffset: 7,
      callingCode: "62",
      prefix: /^8[1235][1-9]\d{4}$/,
      prefixes: 700,
      wifiBlocks: 100,
      carriers: [{ weight: 1, carrier: "international", shared: 10, ipv6: 0 }],
    },
  },

  /** Companies whose drivers have consecutive numbers, in one prefix, and sign in on one morning. */
  fleets: {
    perMonth: 40,
    drivers: 50,
    country: "IN",
    /** Behind the one address of the depot; the others on their carrier's. */
    atDepot: 0.6,
    newcomers: 0.6,
    /** `within`: minutes from the first driver to the last. */
    mornings: [
      { weight: 0.5, within: 75, never: 0.04, typing: { median: 15, sigma: 0.8 } },
      /** All at once in the yard, the phones in a box. */
      { weight: 0.3, within: 5, never: 0.04, typing: { median: 60, sigma: 0.7 } },
      /** On the road, where every fourth SMS does not arrive. */
      { weight: 0.2, within: 90, never: 0.25, typing: { median: 40, sigma: 0.9 } },
    ],
  },

  /** Requests from homes and offices, the companies that they are with, and how many /32s a carrier has for its phones. */
  addresses: { wifiShare: 0.35, wifiOperators: 12, ipv6Blocks: 8 },

  /**
   * Where attackers call from: that many /16s and as many /32s, ten bots in each, every one in a /24 or /48 of its own; a tenth
   * of the bots are phones and homes among the honest ones. A ring that rents has some whole /24s.
   */
  botnet: { blocks: 2000, operators: 800, amongHonest: 0.1, rentedNetworks: 4 },

  /**
   * Rings with a share in what a carrier earns. Each has its own days: `start` is a share of the month.
   * `countries` and `rangesEach` make its ranges of 10,000 numbers; a share `known` of them is in use by honest people too.
   */
  rings: [
    {
      name: "burst",
      about: "one night, 60 ranges in 6 countries",
      start: 1 / 30,
      hours: 12,
      perHour: 2000,
      countries: RING_COUNTRIES,
      rangesEach: 10,
      known: 0.25,
      tactic: "random",
    },
    {
      name: "steady",
      about: "60 ranges in 6 countries",
      start: 4 / 30,
      hours: 24,
      perHour: 300,
      countries: RING_COUNTRIES,
      rangesEach: 10,
      known: 0.25,
      tactic: "random",
    },
    {
      name: "evasive",
      about: "180 ranges; leaves one that is refused for as long as it was told to wait",
      start: 7 / 30,
      hours: 24,
      perHour: 300,
      countries: RING_COUNTRIES,
      rangesEach: 30,
      known: 0.25,
      tactic: "evasive",
    },
    {
      name: "drip",
      about: "knows the policy: stays below its thresholds in each range and country",
      start: 10 / 30,
      hours: 24,
      perHour: 300,
      countries: RING_COUNTRIES,
      rangesEach: 100,
      known: 0,
      tactic: "below_thresholds",
    },
    {
      name: "sweep abroad",
      about: "all mobile ranges of Indonesia, none twice within hours",
      start: 13 / 30,
      hours: 24,
      perHour: 250,
      countries: ["ID"],
      rangesEach: 3000,
      known: 0,
      tactic: "sweep",
    },
    {
      name: "sweep at home",
      about: "all mobile ranges of India, among the honest ones",
      start: 16 / 30,
      hours: 24,
      perHour: 250,
      countries: ["IN"],
      rangesEach: 3000,
      known: 0,
      tactic: "sweep",
    },
    {
      name: "renter",
      about: "as the sweep abroad, from networks where it has verified a number of its own",
      start: 19 / 30,
      hours: 24,
      perHour: 250,
      countries: ["BD"],
      rangesEach: 3000,
      known: 0,
      tactic: "renter",
    },
    {
      name: "poser",
      about: "60 ranges; enters the code of 40 % of its SMS, to look honest",
      start: 22 / 30,
      hours: 24,
      perHour: 250,
      countries: RING_COUNTRIES,
      rangesEach: 10,
      known: 0.25,
      tactic: "poser",
    },
    {
      name: "farm",
      about: "600 numbers; enters every code, and asks again for the numbers that it has verified",
      start: 26 / 30,
      hours: 24,
      perHour: 250,
      countries: ["ID", "BD"],
      rangesEach: 10,
      known: 0,
      tactic: "farm",
    },
  ],
  poser: { verifies: 0.4, entersAfter: 20, farmNumbers: 600, shareOfACountry: 0.75 },

  /** One number, all three roles, each SMS as soon as it is allowed; the owner tries to sign in meanwhile. */
  bomber: {
    victims: 12,
    daysEach: 2.5,
    ownerSignInsPerDay: 1,
  },

  /** A victim every other day, each of the ways in turn. */
  guesser: {
    perDay: 0.5,
    /** How many addresses that did not ask guess at each code, and how often anybody tries before giving up. */
    addresses: 4,
    guessesEach: 8,
  },
} as const;

export type SimCountry = keyof typeof WORLD.countries & CountryCode;
export type Carrier = keyof typeof WORLD.carriers;
export type RingPlan = (typeof WORLD.rings)[number];

export const SIM_COUNTRIES = Object.keys(WORLD.countries) as SimCountry[];

/** Milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** What shares of the month are of. */
export const MONTH_DAYS = 30;
