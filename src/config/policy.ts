import { isSupportedCountry } from "libphonenumber-js/max";
import * as z from "zod/mini";

const wholeNumber = (minimum: number, maximum: number) => z.int().check(z.gte(minimum), z.lte(maximum));
const day = 86_400;
const country = z
  .string()
  .check(z.refine(isSupportedCountry, "wants ISO 3166-1 country codes in capitals, such as IN"));

/**
 * `POLICY`: every limit of the service, each with its default. Times in seconds, time-outs in
 * milliseconds, counts a rolling hour or day, prices in US dollars an SMS part. Unknown fields are refused: a misspelt
 * limit must not be silently absent.
 */
export const policySchema = z.strictObject({
  codeLength: z._default(wholeNumber(4, 10), 6),
  codeLifetimeSeconds: z._default(wholeNumber(1, 3600), 300),
  guessesPerChallenge: z._default(wholeNumber(1, 100), 5),
  resendAfterSeconds: z._default(wholeNumber(0, day), 30),
  sendsPerHour: z._default(wholeNumber(1, 1000), 5),
  sendsPerDay: z._default(wholeNumber(1, 1000), 10),
  sendsPerDayPerNumber: z.optional(wholeNumber(1, 10_000)),
  sendsPerDayReserve: z._default(wholeNumber(0, 1000), 3),
  sendsPerHourPerIp: z._default(wholeNumber(1, 1e9), 600),
  verifiesPerHourPerIp: z._default(wholeNumber(1, 1e9), 600),
  smsPerDay: z._default(wholeNumber(0, 1e12), 100_000),
  smsPerDayPerCountry: z._default(z.record(country, wholeNumber(0, 1e12)), {}),
  smsPerDayPerRole: z._default(z.record(z.string(), wholeNumber(0, 1e12)), {}),
  smsPricesUsd: z._default(
    z.record(z.union([z.literal("*"), country]), z.number().check(z.gte(0), z.lte(100))),
    {},
  ),
  guard: z._default(z.enum(["off", "shadow", "enforce"]), "shadow"),
  guardSendsPerPrefix: z._default(wholeNumber(1, 50), 4),
  guardSendsPerCountry: z._default(wholeNumber(1, 1e9), 20),
  guardSendsPerNetwork: z._default(wholeNumber(1, 1e9), 10),
  guardConversionPercent: z._default(wholeNumber(0, 100), 50),
  guardCountryConversionPercent: z._default(wholeNumber(0, 100), 20),
  guardHoldSeconds: z._default(wholeNumber(1, day), 3600),
  storeTimeoutMs: z._default(wholeNumber(1, 30_000), 1500),
  smsTimeoutMs: z._default(wholeNumber(1, 60_000), 5000),
  directoryTimeoutMs: z._default(wholeNumber(1, 1000), 1000),
});

export type Policy = Readonly<z.infer<typeof policySchema>>;

/** What one role has by default: a smaller day of each role is no reason for a smaller one of all. */
const LEAST_PER_NUMBER = 10;

/** Sends a day to one number in all its roles. Unless told, no more than in one role, or ten. */
export function sendsPerDayInAllRoles({
  sendsPerDay,
  sendsPerDayPerNumber = Math.max(sendsPerDay, LEAST_PER_NUMBER),
}: Pick<Policy, "sendsPerDay" | "sendsPerDayPerNumber">): number {
  return sendsPerDayPerNumber;
}
