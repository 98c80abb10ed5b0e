import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reportConfig } from "../../src/local/config-report.ts";
import { BUILT_IN_TEMPLATES } from "../../src/sms/template.ts";

const script = join(import.meta.dirname, "../../src/local/check-config.ts");
const directory = mkdtempSync(join(tmpdir(), "edge-otp-config-"));
afterAll(() => rmSync(directory, { recursive: true }));

const TOP = `
[vars]
SNS_REGIONS = "ap-south-1"

[vars.APPS.customer]
name = "Weelo"
defaultCountry = "IN"
`;

const STAGING = TOP.replaceAll("[vars", "[env.staging.vars");

function runCheck(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

function fileOf(toml: string): string {
  const path = join(directory, "wrangler.toml");
  writeFileSync(path, toml);
  return path;
}

const warningsOf = (toml: string) =>
  reportConfig(toml).lines.flatMap((line) =>
    line.includes("warning: ") ? [line.split("warning: ")[1]] : [],
  );

describe("the check of wrangler.toml", () => {
  it("passes the one of this project, and shows the longest SMS of each role and locale in one part", () => {
    const { status, stdout, stderr } = runCheck();
    expect([status, stderr]).toEqual([0, ""]);
    for (const role of ["customer", "transporter", "driver"]) {
      expect(stdout).toMatch(new RegExp(`^  ${role} +en +61 septets of GSM-7, 1 part, 61 bytes$`, "m"));
      expect(stdout).toMatch(new RegExp(`^  ${role} +hi +48 units of UCS-2, 1 part, 100 bytes$`, "m"));
    }
    expect(stdout).not.toMatch(/warning|problem/);
  });

  it("fails for what would be MISCONFIGURED, and says what is wrong", () => {
    const path = fileOf(`${TOP}androidHash = "AbCdEfGhIjK"\ntemplates = { en = "<#> {code}" }\n`);
    const { status, stdout } = runCheck(path);
    expect(status).toBe(1);
    expect(stdout).toContain(
      "problem: APPS customer.templates.en wants neither <#> nor the hash: androidHash adds both",
    );
  });

  it("fails for a file that is not there or no TOML", () => {
    for (const path of [join(directory, "absent.toml"), fileOf("[vars")]) {
      const { status, stdout, stderr } = runCheck(path);
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(path);
    }
  });
});

describe("reportConfig", () => {
  it("reads the top level and every environment, none of which inherits from it", () => {
    const { lines, isRight } = reportConfig(`${TOP}${STAGING}[env.bare]\n`);
    expect(isRight).toBe(false);
    expect(lines.filter((line) => !line.startsWith(" "))).toEqual(["top level", "env.staging", "env.bare"]);
    expect(lines.slice(lines.indexOf("env.bare")).join("\n")).toContain("problem: APPS");
    expect(reportConfig(`${TOP}${STAGING}`).isRight).toBe(true);
    const wrong = STAGING.replace("Weelo", "560001").concat('templates.en = "{name} {code}"\n');
    expect(reportConfig(TOP + wrong).isRight).toBe(false);
  });

  it("leaves out a top level without vars where there are environments", () => {
    const { lines, isRight } = reportConfig(`name = "edge-otp"\n${STAGING}`);
    expect([lines[0], isRight]).toEqual(["env.staging", true]);
  });

  it("shows our own templates where a role has none", () => {
    const { lines } = reportConfig(TOP);
    expect(lines.slice(0, 3)).toEqual([
      "top level",
      "  customer  en  61 septets of GSM-7, 1 part, 61 bytes (built in)",
      "  customer  hi  42 units of UCS-2, 1 part, 86 bytes (built in)",
    ]);
    expect(lines.length).toBe(1 + Object.keys(BUILT_IN_TEMPLATES).length);
  });

  it("shows the templates of a country", () => {
    const toml = `${TOP}templates.en = "{code}"\nbyCountry.IN.templates.hi = "कोड {code}"\n`;
    expect(reportConfig(toml).lines).toContain("  customer  IN hi  10 units of UCS-2, 1 part, 20 bytes");
  });

  it("stands in for what belongs to the secrets, and for nothing else", () => {
    const url = 'DIRECTORY_URL = "https://users.example.com/"\n';
    expect(reportConfig(TOP.replace("[vars]\n", `[vars]\n${url}`)).isRight).toBe(true);
    expect(reportConfig(TOP.replace(/SNS_REGIONS.*\n/, "")).lines.join("\n")).toContain(
      "problem: SNS_REGIONS",
    );
    const redis = TOP.replace("[vars]\n", '[vars]\nUPSTASH_REDIS_REST_URL = "redis://example.com"\n');
    expect(reportConfig(redis).lines.join("\n")).toContain("problem: UPSTASH_REDIS_REST_URL is a redis://");
  });

  const dlt = 'dlt = { entityId = "1", templateId = "2" }\n';

  it.each([
    ["", []],
    [dlt, ["customer: dlt has no text, so nothing holds what is sent to what is registered"]],
    [
      'androidHash = "AbCdEfGhIjK"\ntemplates.en = "{code}"\ndlt = { entityId = "1", templateId = "2", text = "{#var#}" }\n',
      ["customer: dlt.text is the sentence alone, but autofill adds lines: have the whole SMS registered"],
    ],
    [
      'androidHash = "AbCdEfGhIjK"\ntemplates.en = "{code}"\ndlt = { entityId = "1", templateId = "2", text = "<#> {#var#}\\nAbCdEfGhIjK" }\n',
      [],
    ],
    [
      'senderId = "WEELO"\noriginationNumber = "24273"\n',
      ["customer has a senderId and an originationNumber: SNS may take either"],
    ],
    ['senderId = "WEELO"\nbyCountry.IN.originationNumber = "24273"\n', []],
    ['templates.en = "“{code}”"\n', ["customer.templates.en is UCS-2 only for “ ”, which GSM-7 lacks"]],
    [
      'templates.en = "{code}, since 1999"\n',
      ["customer.templates.en has other digits in a row, which a phone may offer as the code"],
    ],
  ])("of a role with %j has the warnings %j", (fields, warnings) => {
    expect(warningsOf(TOP + fields)).toEqual(warnings);
  });

  it("warns of regions for India where DLT ids count for nothing", () => {
    const toml = `${TOP}${dlt}`.replace('"ap-south-1"', '"IN=ap-south-1,eu-west-1"');
    expect(warningsOf(toml)).toContain(
      "SNS_REGIONS has eu-west-1 for India, where the DLT ids of customer count for nothing",
    );
  });
});
