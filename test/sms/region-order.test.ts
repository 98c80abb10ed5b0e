import { describe, expect, it } from "vitest";
import type { Regions } from "../../src/config/regions.ts";
import { parseRegions } from "../../src/config/regions.ts";
import { regionsFor } from "../../src/sms/region-order.ts";

const WORLD =
  "eu-west-1,us-east-1,ap-south-2,sa-east-1,ap-southeast-1,af-south-1,ap-northeast-1,ap-south-1,me-south-1,ca-central-1";
const GROUPS = "IN = ap-south-2, ap-south-1 ;US=us-west-2,us-east-1; *=us-east-1,ap-south-1,eu-west-1";

function parse(text: string): Regions {
  const regions = parseRegions(text);
  if (regions === null) throw new Error("no regions");
  return regions;
}

describe("regionsFor", () => {
  it.each([
    ["US", "+12015550123", "us-east-1,ca-central-1,eu-west-1,ap-south-2"],
    ["ZA", "+27821234567", "eu-west-1,af-south-1,me-south-1,us-east-1"],
    ["FR", "+33612345678", "eu-west-1,us-east-1,ap-south-2"],
    ["GB", "+447400123456", "eu-west-1,us-east-1,ap-south-2"],
    ["BR", "+5511961234567", "us-east-1,sa-east-1,eu-west-1"],
    ["SG", "+6581234567", "ap-southeast-1,eu-west-1,us-east-1"],
    ["KZ", "+77710009998", "eu-west-1,us-east-1,ap-south-2"],
    ["JP", "+819012345678", "ap-northeast-1,eu-west-1,us-east-1"],
    ["AE", "+971501234567", "ap-south-2,ap-south-1,me-south-1,eu-west-1"],
    ["IN", "+919876543210", "ap-south-2,ap-south-1,me-south-1,eu-west-1"],
  ])("of one list, to %s (%s), begins with %s", (country, e164, first) => {
    const ordered = regionsFor(parse(WORLD), { country, e164, isRegistered: false });
    expect(ordered.join(",").startsWith(first)).toBe(true);
    expect(ordered.toSorted()).toEqual(WORLD.split(",").toSorted());
  });

  it("puts India's local regions before all that are near to it", () => {
    const regions = parse("me-south-1,ap-south-2,ap-south-1");
    const order = regionsFor(regions, { country: "IN", e164: "+919876543210", isRegistered: false });
    expect(order).toEqual(["ap-south-2", "ap-south-1", "me-south-1"]);
  });

  it.each([
    [WORLD, ["ap-south-2", "ap-south-1"]],
    ["ap-south-1,ap-south-2", ["ap-south-1", "ap-south-2"]],
    ["us-east-1,ap-south-1", ["ap-south-1"]],
    ["us-east-1", []],
  ])("of %s leaves an SMS with DLT ids the local regions alone", (text, expected) => {
    const toIndia = { country: "IN", e164: "+919876543210", isRegistered: true };
    expect(regionsFor(parse(text), toIndia)).toEqual(expected);
  });

  it.each([
    ["IN", "+919876543210", true, ["ap-south-2", "ap-south-1"]],
    ["US", "+12015550123", false, ["us-west-2", "us-east-1"]],
    ["GB", "+447400123456", false, ["eu-west-1", "us-east-1", "ap-south-1"]],
    ["CA", "+15062345678", false, ["us-east-1", "ap-south-1", "eu-west-1"]],
  ])(
    "of groups takes the country's own as it stands, or the one for all others (%s)",
    (country, e164, isRegistered, expected) => {
      expect(regionsFor(parse(GROUPS), { country, e164, isRegistered })).toEqual(expected);
    },
  );

  it("leaves a country's own group alone, DLT ids or not", () => {
    const toIndia = { country: "IN", e164: "+919876543210", isRegistered: true };
    expect(regionsFor(parse("IN=eu-west-1,ap-south-1"), toIndia)).toEqual(["eu-west-1", "ap-south-1"]);
  });
});
