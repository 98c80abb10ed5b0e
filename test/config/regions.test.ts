import { describe, expect, it } from "vitest";
import { allRegions, mostRegions, parseRegions } from "../../src/config/regions.ts";

const shown = (text: string) => {
  const regions = parseRegions(text);
  return regions && [Object.fromEntries(regions.byCountry), regions.others];
};

describe("parseRegions", () => {
  it.each([
    ["ap-south-1", [{}, ["ap-south-1"]]],
    [" ap-south-1 , ap-south-2 ", [{}, ["ap-south-1", "ap-south-2"]]],
    ["*=eu-west-1,eu-west-2", [{}, ["eu-west-1", "eu-west-2"]]],
    ["IN=ap-south-1", [{ IN: ["ap-south-1"] }, null]],
    [
      " IN = ap-south-1, ap-south-2 ;\n US=us-east-1 ; * = eu-west-1 ",
      [{ IN: ["ap-south-1", "ap-south-2"], US: ["us-east-1"] }, ["eu-west-1"]],
    ],
  ])("reads %j", (text, expected) => {
    expect(shown(text)).toEqual(expected);
  });

  it.each([
    "",
    "ap-south-1,",
    "ap-south-1,ap-south-1",
    "ap-south-1;ap-south-2",
    "xx-south-1",
    "IN=",
    "=ap-south-1",
    "IN=ap-south-1;",
    "IN=ap-south-1;eu-west-1",
    "IN=ap-south-1;IN=ap-south-2",
    "*=ap-south-1;*=ap-south-2",
    "IN=ap-south-1,ap-south-1",
    "IN=ap-south-1=ap-south-2",
    "UK=eu-west-2;*=eu-west-1",
    "in=ap-south-1;*=eu-west-1",
  ])("refuses %j", (text) => {
    expect(parseRegions(text)).toBe(null);
  });
});

describe("what a configuration can ask of SNS", () => {
  it("is every region once, and at most the longest list", () => {
    const regions = parseRegions("IN=ap-south-1,ap-south-2,eu-west-1;US=us-east-1;*=eu-west-1,us-east-1");
    if (regions === null) throw new Error("no regions");
    expect(allRegions(regions)).toEqual(["ap-south-1", "ap-south-2", "eu-west-1", "us-east-1"]);
    expect(mostRegions(regions)).toBe(3);
  });
});
