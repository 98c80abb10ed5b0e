import { WORLD } from "../world.ts";
import type { Operation } from "./demand.ts";

/**
 * How often each request comes for one person who has signed in. Sends and verifies are those of the simulated month:
 * 8,036 honest visits of four days, seed 1, 7,645 of which ended signed in (test/sim/crowd.ts); a first send more than one
 * is for those who gave up or mistyped their number. scale.test.ts holds these to what the crowd does.
 */
export const SIGN_IN: ReadonlyMap<Operation, number> = new Map([
  ["first send", 1.068],
  ["resend, the same code", 0.103],
  ["resend, a new code", 0.011],
  ["send refused", 0.001],
  ["verify, right, with id", 0.396],
  ["verify, right, without id", 0.604],
  ["verify, wrong, with id", 0.019],
  ["verify, wrong, without id", 0.033],
]);

/**
 * What follows in the month after. An access token lives for 15 minutes, so an app asks for another each time that it is
 * opened after a pause: three times a day on twenty days. The guess with the most weight of all here; an app that is open
 * all day, such as a driver's, asks eight times as often. One sign-in in twenty is ended by hand.
 */
export const MONTH_AFTER: ReadonlyMap<Operation, number> = new Map([
  ["refresh, rotate", 60],
  ["sign-out", 0.05],
]);

/** Of a day's mean, what the busiest hour has. */
export const PEAK =
  (24 * Math.max(...WORLD.honest.hours)) / WORLD.honest.hours.reduce<number>((sum, hour) => sum + hour, 0);

/** A session is used for the month after, and stays for the 30 days of its refresh token. In days. */
export const SESSION_DAYS = 60;

export const DAYS_A_MONTH = 30;
