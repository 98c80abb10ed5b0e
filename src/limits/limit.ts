import type { Policy } from "../config/policy.ts";

/** A limit goes by the name of its field in `POLICY`. */
export type LimitName = keyof Pick<
  Policy,
  | "resendAfterSeconds"
  | "sendsPerHour"
  | "sendsPerDay"
  | "sendsPerDayPerNumber"
  | "sendsPerDayReserve"
  | "sendsPerHourPerIp"
  | "verifiesPerHourPerIp"
  | "smsPerDay"
  | "smsPerDayPerCountry"
  | "smsPerDayPerRole"
  | "guard"
>;

/** Where a caller stands with one limit. */
export interface Standing {
  readonly limit: LimitName;
  readonly quota: number;
  readonly windowSeconds: number;
  readonly remaining: number;
  /** Milliseconds until the limit allows one more; 0 when it does now. */
  readonly waitMs: number;
}

/** The limit that makes the caller wait longest, or null when all allow. */
export function longestWait(standings: readonly Standing[]): Standing | null {
  const refusing = standings.filter((standing) => standing.waitMs > 0);
  return refusing.reduce<Standing | null>(
    (longest, standing) => (longest !== null && longest.waitMs >= standing.waitMs ? longest : standing),
    null,
  );
}
