import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import {
  bindings,
  androidHash,
  customer,
  en,
  problemsOf,
  problemsOfApp,
} from "../harness/config-problems.ts";

describe("a template that cannot be delivered is a problem", () => {
  it.each([
    ["without the code", en("Hello"), "APPS customer.templates.en.sign-in wants {code} in it, once"],
    [
      "with the code twice",
      en("{code} {code}"),
      "APPS customer.templates.en.sign-in wants {code} in it, once",
    ],
    ["no text", { templates: { en: 5 } }, "APPS customer.templates.en wants a text, or texts by purpose"],
    ["no purpose", { templates: { en: {} } }, "APPS customer.templates.en wants a text, or texts by purpose"],
    [
      "for a purpose that nobody has",
      { templates: { en: { "sign-in": "{code}", login: "{code}" } } },
      "APPS customer.templates.en knows no field login",
    ],
    [
      "in more parts than three",
      en(`{code} ${"a".repeat(453)}`),
      "APPS customer.templates.en wants at most 3 parts (maxParts), and takes 4 in GSM-7",
    ],
    [
      "in more parts than maxParts",
      { maxParts: 1, ...en(`{code} ${"ä".repeat(154)}`) },
      "APPS customer.templates.en wants at most 1 parts (maxParts), and takes 2 in GSM-7",
    ],
    [
      "in more parts for one quotation mark",
      { maxParts: 1, ...en(`{code} ${"a".repeat(63)}“`) },
      "APPS customer.templates.en wants at most 1 parts (maxParts), and takes 2 in UCS-2",
    ],
    [
      "in more bytes than SNS takes",
      { maxParts: 10, ...en(`{code} ${"क".repeat(540)}`) },
      "APPS customer.templates.en wants at most 1600 bytes, as SNS does, and takes 1627",
    ],
    [
      "in more bytes than the Retriever reads",
      { androidHash, ...en(`{code}${"a".repeat(119)}`) },
      "APPS customer.templates.en wants at most 140 bytes with an androidHash, and takes up to 141 in GSM-7",
    ],
    [
      "in more on the air",
      { androidHash, ...en(`{code}${"a".repeat(48)}“`) },
      "APPS customer.templates.en wants at most 140 bytes with an androidHash, and takes up to 142 in UCS-2",
    ],
    [
      "in more in UTF-8",
      { androidHash, ...en(`{code}${"क".repeat(40)}`) },
      "APPS customer.templates.en wants at most 140 bytes with an androidHash, and takes up to 142 in UCS-2",
    ],
    [
      "in more, domain line included",
      { androidHash, webDomain: "weelo.in", ...en(`{code}${"a".repeat(101)}`) },
      "APPS customer.templates.en wants at most 140 bytes with an androidHash, and takes up to 141 in GSM-7",
    ],
    [
      "of one country",
      { androidHash, byCountry: { US: en(`{code}${"a".repeat(119)}`) } },
      "APPS customer.byCountry.US.templates.en wants at most 140 bytes with an androidHash, and takes up to 141 in GSM-7",
    ],
    [
      "with a line that looks origin-bound",
      en("Your code:\n@weelo.in #{code}"),
      "APPS customer.templates.en wants no line like @domain #code: webDomain adds it, as the last",
    ],
    [
      "with the Retriever's mark",
      { androidHash, ...en("<#> {code}") },
      "APPS customer.templates.en wants neither <#> nor the hash: androidHash adds both",
    ],
    [
      "with the hash",
      { androidHash, ...en(`{code}\n${androidHash}`) },
      "APPS customer.templates.en wants neither <#> nor the hash: androidHash adds both",
    ],
    [
      "with another row of six digits",
      en("{code} of shop 560001"),
      "APPS customer.templates.en wants no other digits in a row that could be taken for the code",
    ],
    [
      "with a longer row before the code",
      en("1800123456: {code}"),
      "APPS customer.templates.en wants no other digits in a row that could be taken for the code",
    ],
    [
      "with a digit beside the code",
      en("Code {minutes}{code}"),
      "APPS customer.templates.en wants no digit right beside {code}",
    ],
    [
      "with a name of digits",
      { name: "123456", ...en("{name} {code}") },
      "APPS customer.templates.en wants no other digits in a row that could be taken for the code",
    ],
  ])("(%s)", (_, fields, problem) => {
    expect(problemsOfApp(fields)).toEqual([problem]);
  });

  it.each([
    ["three parts", en(`{code} ${"a".repeat(452)}`)],
    ["as many parts as maxParts", { maxParts: 4, ...en(`{code} ${"a".repeat(453)}`) }],
    ["140 bytes with a hash", { androidHash, ...en(`{code}${"a".repeat(118)}`) }],
    ["140 bytes on the air with a hash", { androidHash, ...en(`{code}${"a".repeat(47)}“`) }],
    ["more without a hash", en(`{code}${"a".repeat(200)}`)],
    ["<#> of its own, without a hash in the configuration", en(`<#> {code}\n${androidHash}`)],
    ["a longer row behind the code", en("{code} Call 18001234567")],
    ["shorter rows", en("{code} is for shop 24, since 1999")],
    ["texts by purpose", { templates: { en: { "sign-in": "{code}" } } }],
  ])("but not for %s", (_, fields) => {
    expect(problemsOfApp(fields)).toEqual([]);
  });

  it("is measured with the longest code and the most minutes of the policy", () => {
    const fields = { androidHash, ...en(`{code} {minutes}${"a".repeat(116)}`) };
    expect(problemsOfApp(fields)).toEqual([]);
    expect(problemsOfApp(fields, { codeLength: 7 })).toHaveLength(1);
    expect(problemsOfApp(fields, { codeLifetimeSeconds: 600 })).toHaveLength(1);
  });

  it("is our own where the role has none and its name is too long for them", () => {
    expect(problemsOfApp({ androidHash, name: "W".repeat(18) })).toContain(
      "APPS customer.templates.hi (the built-in one) wants at most 140 bytes with an androidHash, and takes up to 142 in UCS-2",
    );
    expect(problemsOfApp({ androidHash, name: "W".repeat(17) })).toEqual([]);
    expect(problemsOfApp({ androidHash, name: "W".repeat(18), ...en("{code}") })).toEqual([]);
  });

  it("stands beside the problems of other bindings", () => {
    const APPS = { customer: { ...customer, ...en("1800123456: {code}") } };
    expect(
      problemsOf({ APPS, ISSUER: "hoax", SNS_REGIONS: "hoax" }).map((text) => text.split(" ")[0]),
    ).toEqual(["SNS_REGIONS", "ISSUER", "APPS"]);
  });

  it("shows nothing of what it says", () => {
    expect(JSON.stringify(problemsOfApp(en("hoax 560001 {code}")))).not.toMatch(/hoax|560001/);
  });
});

describe("a fallback locale without a template is a problem", () => {
  it.each([
    [["tlh"], 1],
    [["en", "hi"], 0],
    [["tlh", "hi-IN"], 1],
    [["hi-IN"], 0],
    [[], 0],
  ])("%j", (fallbackLocales, count) => {
    expect(problemsOfApp({ fallbackLocales })).toHaveLength(count);
  });
});

describe("what autofill reads", () => {
  const hash = "APPS customer.androidHash wants the 11 characters of the app's hash";
  const webDomain = "APPS customer.webDomain wants a domain, such as app.example.com";

  it.each([
    [{ androidHash: "AbCdEfGhIjK" }, []],
    [{ androidHash: "AbCdEfGhI+/" }, []],
    [{ androidHash: "AbCdEfGhIj" }, [hash]],
    [{ androidHash: "AbCdEfGhIjKL" }, [hash]],
    [{ androidHash: "AbCdEfGhIj=" }, [hash]],
    [{ androidHash: "AbCdEfGhIj_" }, [hash]],
    [{ androidHash: "AbCdEfGhIj\n" }, [hash]],
    [{ webDomain: "weelo.in" }, []],
    [{ webDomain: "sign-in.weelo.in" }, []],
    [{ webDomain: "localhost" }, []],
    [{ webDomain: "weelo.in." }, [webDomain]],
    [{ webDomain: "weelo.in:443" }, [webDomain]],
    [{ webDomain: "https://weelo.in" }, [webDomain]],
    [{ webDomain: "weelo.in/otp" }, [webDomain]],
    [{ webDomain: "192.0.2.1" }, [webDomain]],
    [{ webDomain: "weelo in" }, [webDomain]],
    [{ webDomain: "" }, [webDomain]],
  ])("%j has the problems %j", (fields, problems) => {
    expect(problemsOfApp(fields)).toEqual(problems);
  });

  it("is a domain in lower case, whatever case it was written in", () => {
    const parsed = parseConfig({ ...bindings, APPS: { customer: { ...customer, webDomain: "Weelo.IN" } } });
    expect(parsed.ok && parsed.config.apps.byRole.get("customer")?.webDomain).toBe("weelo.in");
  });
});

describe("a code", () => {
  it.each([
    [{ codeLength: 3 }, ["POLICY codeLength wants 4 at least"]],
    [{ codeLength: 4 }, []],
    [{ codeLength: 10 }, []],
    [{ codeLength: 11 }, ["POLICY codeLength wants 10 at most"]],
    [{ codeLifetimeSeconds: 0 }, ["POLICY codeLifetimeSeconds wants 1 at least"]],
    [{ codeLifetimeSeconds: 3600 }, []],
    [{ codeLifetimeSeconds: 3601 }, ["POLICY codeLifetimeSeconds wants 3600 at most"]],
  ])("of %j has the problems %j", (policy, problems) => {
    expect(problemsOfApp({}, policy)).toEqual(problems);
  });

  it("of ten digits that lives an hour is measured so", () => {
    const longest = { codeLength: 10, codeLifetimeSeconds: 3600 };
    const fields = { androidHash, ...en(`{code} {minutes}${"a".repeat(111)}`) };
    expect(problemsOfApp(fields, longest)).toEqual([]);
    const longer = { androidHash, ...en(`{code} {minutes}${"a".repeat(112)}`) };
    expect(problemsOfApp(longer, longest)).toEqual([
      "APPS customer.templates.en wants at most 140 bytes with an androidHash, and takes up to 141 in GSM-7",
    ]);
  });
});
