import { isSupportedCountry } from "libphonenumber-js/max";

/** AWS regions whose SNS sends SMS. Source: AWS SNS developer guide, "Supported Regions and countries". */
export const SNS_SMS_REGIONS = new Set([
  "af-south-1",
  "ap-east-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-south-1",
  "ap-south-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "ap-southeast-3",
  "ap-southeast-4",
  "ap-southeast-5",
  "ca-central-1",
  "ca-west-1",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "eu-south-2",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "il-central-1",
  "me-central-1",
  "me-south-1",
  "mx-central-1",
  "sa-east-1",
  "us-east-1",
  "us-east-2",
  "us-gov-east-1",
  "us-gov-west-1",
  "us-west-1",
  "us-west-2",
]);

/** `SNS_REGIONS`: the groups of single countries, and the list for all the others, null where there is none. */
export interface Regions {
  readonly byCountry: ReadonlyMap<string, readonly string[]>;
  readonly others: readonly string[] | null;
}

export const REGIONS_WANTS =
  "wants AWS regions whose SNS sends SMS, each once, with commas between: ap-south-1,ap-south-2; or such lists by country: IN=ap-south-1,ap-south-2;*=eu-west-1";

/** A plain list is the one for all countries. Null for what is neither that nor groups with semicolons between. */
export function parseRegions(text: string): Regions | null {
  const groups = text.includes("=")
    ? text.split(";").map(parseGroup)
    : [{ key: "*", regions: parseList(text) }];
  const byKey = new Map<string, readonly string[]>();
  for (const { key, regions } of groups) {
    if (regions === null || byKey.has(key) || !(key === "*" || isSupportedCountry(key))) return null;
    byKey.set(key, regions);
  }
  const others = byKey.get("*") ?? null;
  byKey.delete("*");
  return { byCountry: byKey, others };
}

/** Each region that any country can be served from, once. */
export function allRegions({ byCountry, others }: Regions): readonly string[] {
  return [...new Set([...byCountry.values(), others ?? []].flat())];
}

/** The length of the longest list. */
export function mostRegions({ byCountry, others }: Regions): number {
  return Math.max(...[...byCountry.values(), others ?? []].map(({ length }) => length));
}

function parseGroup(group: string): { readonly key: string; readonly regions: readonly string[] | null } {
  const [key = "", list = "", ...rest] = group.split("=");
  return { key: key.trim(), regions: rest.length > 0 ? null : parseList(list) };
}

function parseList(list: string): readonly string[] | null {
  const names = list.split(",").map((name) => name.trim());
  const isRight = names.every((name) => SNS_SMS_REGIONS.has(name)) && new Set(names).size === names.length;
  return isRight ? names : null;
}
