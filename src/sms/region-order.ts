import type { Regions } from "../config/regions.ts";

/** Regions whose SNS reaches India by local routes (SNS developer guide, requirements for India). */
export const INDIA_REGIONS: readonly string[] = ["ap-south-1", "ap-south-2"];

/** What is near to a world zone of the numbering plan (ITU-T E.164): the first digit of a number → regions. */
const NEAR: Readonly<Record<string, readonly string[]>> = {
  1: ["us-", "ca-", "mx-"],
  2: ["af-", "eu-", "me-"],
  3: ["eu-"],
  4: ["eu-"],
  5: ["sa-", "us-", "mx-"],
  6: ["ap-southeast-"],
  7: ["eu-"],
  8: ["ap-northeast-", "ap-east-"],
  9: ["ap-south-", "me-", "il-"],
};

export interface Destination {
  readonly country: string;
  readonly e164: string;
  /** Whether its SMS carry DLT ids: those count on India's local routes alone. */
  readonly isRegistered: boolean;
}

/**
 * The regions to try for one number, in order. A country's own group as it stands; of the list for all, to India the
 * local ones first, and nothing else with DLT ids; elsewhere those near to the number first, else as it stands.
 */
export function regionsFor(
  { byCountry, others }: Regions,
  { country, e164, isRegistered }: Destination,
): readonly string[] {
  const own = byCountry.get(country);
  if (own !== undefined) return own;
  const byNearness = preferring(others ?? [], NEAR[e164.charAt(1)] ?? []);
  if (country !== "IN") return byNearness;
  return isRegistered
    ? byNearness.filter((region) => INDIA_REGIONS.includes(region))
    : preferring(byNearness, INDIA_REGIONS);
}

/** Those that begin with one of the prefixes before the others, each in its order. */
function preferring(regions: readonly string[], prefixes: readonly string[]): readonly string[] {
  const isPreferred = (region: string) => prefixes.some((prefix) => region.startsWith(prefix));
  return [...regions.filter(isPreferred), ...regions.filter((region) => !isPreferred(region))];
}
