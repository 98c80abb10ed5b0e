import { describe, expect, it } from "vitest";
import { androidHash, customer, dlt, en, problemsOf, problemsOfApp } from "../harness/config-problems.ts";

describe("a DLT text that no template equals to the letter is a problem", () => {
  const text = "Your Weelo code is {#var#}.";
  const wants =
    "text wants what a template says, to the letter, {#var#} for code and minutes: alone, or with all that autofill adds";

  it.each([
    ["Your {name} code is {code}", "APPS customer.dlt."],
    ["Your {name} code is {code}. ", "APPS customer.dlt."],
    ["your {name} code is {code}.", "APPS customer.dlt."],
  ])("%j", (template, place) => {
    expect(problemsOfApp({ dlt: { ...dlt, text }, ...en(template) })).toEqual([place + wants]);
  });

  it("at the country, where it stands there", () => {
    const byCountry = { IN: { dlt: { ...dlt, text } } };
    expect(problemsOfApp({ byCountry, ...en("{code}") })).toEqual([
      `APPS customer.byCountry.IN.dlt.${wants}`,
    ]);
  });

  it.each([
    ["the sentence", { dlt: { ...dlt, text }, ...en("Your {name} code is {code}.") }],
    [
      "the sentence beside a hash",
      { dlt: { ...dlt, text }, androidHash, ...en("Your {name} code is {code}.") },
    ],
    [
      "the whole SMS",
      {
        dlt: { ...dlt, text: `<#> ${text}\n${androidHash}\n@weelo.in #{#var#}` },
        androidHash,
        webDomain: "weelo.in",
        ...en("Your {name} code is {code}."),
      },
    ],
    ["a template for India", { dlt: { ...dlt, text }, byCountry: { IN: en("Your {name} code is {code}.") } }],
    [
      "our own",
      {
        dlt: { ...dlt, text: "Your Weelo verification code is: {#var#}. Valid for {#var#} minutes." },
        ...en("{code}"),
      },
    ],
    ["nothing, where there are ids alone", { dlt, ...en("{code}") }],
  ])("but not where it equals %s", (_, fields) => {
    expect(problemsOfApp(fields)).toEqual([]);
  });

  it("and so is our own that it equals, where that is too long", () => {
    const name = "W".repeat(40);
    const registered = `Your ${name} verification code is: {#var#}. Valid for {#var#} minutes.`;
    const fields = {
      name,
      androidHash,
      webDomain: "sign-in.weelo.example",
      dlt: { ...dlt, text: registered },
      ...en("{code}"),
    };
    expect(problemsOfApp(fields)).toEqual([
      expect.stringContaining(
        "APPS customer.templates.en (the built-in one) wants at most 140 bytes",
      ) as string,
    ]);
  });
});

describe("what an SMS carries", () => {
  it.each([
    [{ maxPrice: 0.05 }, []],
    [{ maxPrice: "0.50" }, []],
    [{ maxPrice: 1 }, []],
    [{ maxPrice: 0 }, ["APPS customer.maxPrice wants US dollars, such as 0.05"]],
    [{ maxPrice: -1 }, ["APPS customer.maxPrice wants US dollars, such as 0.05"]],
    [{ maxPrice: 1e-7 }, ["APPS customer.maxPrice wants US dollars, such as 0.05"]],
    [{ maxPrice: "$1" }, ["APPS customer.maxPrice wants US dollars, such as 0.05"]],
    [{ maxPrice: true }, ["APPS customer.maxPrice wants US dollars, such as 0.05"]],
    [{ originationNumber: "+12065550100" }, []],
    [{ originationNumber: "24273" }, []],
    [
      { originationNumber: "2065550100" },
      ["APPS customer.originationNumber wants a number in E.164, or a short code"],
    ],
    [{ byCountry: { US: { senderId: "WEELO", maxPrice: 0.1, originationNumber: "+12065550100" } } }, []],
    [{ byCountry: { US: { sender: "WEELO" } } }, ["APPS customer.byCountry.US knows no field sender"]],
    [{ byCountry: { GB: {} } }, ["APPS customer.byCountry wants only countries that the role serves"]],
    [{ byCountry: { US: { dlt } } }, ["APPS customer.byCountry wants dlt for IN alone"]],
    [{ maxParts: 0 }, ["APPS customer.maxParts wants 1 at least"]],
    [{ maxParts: 11 }, ["APPS customer.maxParts wants 10 at most"]],
  ])("%j has the problems %j", (fields, problems) => {
    expect(problemsOfApp(fields)).toEqual(problems);
  });
});

describe("regions that cannot serve what APPS wants are a problem", () => {
  const group = "SNS_REGIONS wants a group for each country of customer, or * for all others";
  const local =
    "SNS_REGIONS wants ap-south-1 or ap-south-2 in it, since customer has DLT ids, which count there alone";

  it.each([
    ["eu-west-1", {}, []],
    ["IN=ap-south-1", {}, [group]],
    ["IN=ap-south-1;US=us-east-1", {}, []],
    ["IN=ap-south-1;*=us-east-1", {}, []],
    ["eu-west-1", { dlt }, [local]],
    ["eu-west-1", { byCountry: { IN: { dlt } } }, [local]],
    ["eu-west-1", { dlt, defaultCountry: "US", countries: ["US"] }, []],
    ["eu-west-1,ap-south-2", { dlt }, []],
    ["US=us-east-1;*=eu-west-1", { dlt }, [local]],
    ["IN=eu-west-1;*=us-east-1", { dlt }, []],
  ])("%s for %j", (SNS_REGIONS, fields, problems) => {
    const APPS = { customer: { ...customer, ...fields } };
    expect(problemsOf({ APPS, SNS_REGIONS })).toEqual(problems);
  });
});
