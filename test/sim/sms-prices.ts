import type { WORLD } from "./world.ts";

/**
 * A part of an SMS to a country in US dollars, in the US with the carrier's fee at SNS and without one at Twilio; null
 * where none was found. `npm run sim:scale` names the sources.
 */
export const SMS_PRICES = {
  IN: { sns: 0.004, twilio: 0.0832 },
  US: { sns: 0.007 + 0.00302, twilio: 0.0083 },
  GB: { sns: 0.05, twilio: 0.056 },
  AE: { sns: 0.10809, twilio: null },
  BD: { sns: 0.31355, twilio: null },
  NP: { sns: 0.2327, twilio: null },
  ID: { sns: 0.42831, twilio: null },
} as const satisfies Readonly<
  Record<keyof typeof WORLD.countries, { readonly sns: number; readonly twilio: number | null }>
>;

export type SmsCountry = keyof typeof SMS_PRICES;
