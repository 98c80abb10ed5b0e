import { isSupportedCountry } from "libphonenumber-js/max";
import * as z from "zod/mini";

const wholeNumber = (minimum: number, maximum: number) => z.int().check(z.gte(minimum), z.lte(maximum));
const day = 86_400;
const country = z
  .string()
  .check(z.refine(isSupportedCountry, "wants ISO 3166-1 country codes in capitals, such as IN"));

/**
 * `POLICY`: every limit of the service, each with its default. Times in seconds, time-outs in
 * milliseconds, counts a rolling hour or day. Unknown fields are refused: a misspelt limit must not be silently absent.
 */
export const policySchema = z.strictObject({
  codeLength: z._default(wholeNumber(4, 10), 6),
  codeLifetimeSeconds: z._default(wholeNumber(1, 3600), 300),
  guessesPerChallenge: z._default(wholeNumber(1, 100), 5),
  resendAfterSeconds: z._default(wholeNumber(0, day), 30),
  sendsPerHour: z._default(wholeNumber(1, 1000), 5),
  sendsPerDay: z._default(wholeNumber(1, 1000), 10),
  sendsPerHourPerIp: z._default(wholeNumber(1, 1e9), 600),
  verifiesPerHourPerIp: z._default(wholeNumber(1, 1e9), 600),
  smsPerDay: z._default(wholeNumber(0, 1e12), 100_000),
  smsPerDayPerCountry: z._default(z.record(country, wholeNumber(0, 1e12)), {}),
  storeTimeoutMs: z._default(wholeNumber(1, 30_000), 1500),
  smsTimeoutMs: z._default(wholeNumber(1, 60_000), 5000),
  directoryTimeoutMs: z._default(wholeNumber(1, 1000), 1000),
});

export type Policy = Readonly<z.infer<typeof policySchema>>;
