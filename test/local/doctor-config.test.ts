import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { differences } from "../../src/local/doctor/checks/environments.ts";
import type { Patient } from "../../src/local/doctor/patient.ts";
import { createRedaction } from "../../src/local/doctor/redact.ts";
import { readWranglerConfig } from "../../src/local/doctor/wrangler-config.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { finding, findingsOf, patientOf, statuses } from "../harness/patient.ts";
import { APPS } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
afterAll(() => upstreams.close());

const DAY_MS = 86_400_000;
const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Nobody listens there, so that what is asked over the network ends at once. */
const nowhere = {
  UPSTASH_REDIS_REST_URL: "https://127.0.0.1:1",
  SNS_ENDPOINT: "https://127.0.0.1:1/{region}",
};

const examineConfig = (changed: Partial<Patient>) =>
  findingsOf(patientOf(upstreams, { ...changed, bindings: { ...nowhere, ...changed.bindings } }));

describe("the doctor, of wrangler.toml", () => {
  it.each<[string, Partial<Patient["wrangler"]>, string, string]>([
    ["no compatibility date", { compatibilityDate: null }, "wrangler.compatibility-date", "fail"],
    [
      "a compatibility date that is none",
      { compatibilityDate: "soon" },
      "wrangler.compatibility-date",
      "fail",
    ],
    [
      "a compatibility date in the future",
      { compatibilityDate: dayFromNow(2) },
      "wrangler.compatibility-date",
      "fail",
    ],
    ["one of today", { compatibilityDate: dayFromNow(0) }, "wrangler.compatibility-date", "ok"],
    ["one of a year ago", { compatibilityDate: dayFromNow(-364) }, "wrangler.compatibility-date", "ok"],
    ["an older one", { compatibilityDate: dayFromNow(-367) }, "wrangler.compatibility-date", "warn"],
    ["nodejs_compat", { compatibilityFlags: ["nodejs_compat"] }, "wrangler.compatibility-flags", "warn"],
    [
      "another flag",
      { compatibilityFlags: ["brotli_content_encoding"] },
      "wrangler.compatibility-flags",
      "ok",
    ],
    ["no alias for the XML parser", { alias: {} }, "wrangler.alias", "fail"],
    ["another alias", { alias: { "@aws-sdk/xml-builder": "fast-xml-parser" } }, "wrangler.alias", "fail"],
  ])("finds %s", async (_name, wrangler, id, status) => {
    const patient = patientOf(upstreams);
    const findings = await examineConfig({ wrangler: { ...patient.wrangler, ...wrangler } });
    expect(finding(findings, id).status).toBe(status);
  });

  it("reads the project's own, with wrangler's rules of inheritance", async () => {
    const [top, production] = await Promise.all(
      [null, "production"].map((name) => readWranglerConfig(".", name)),
    );
    if (!top?.ok || !production?.ok) throw new Error("wrangler.toml cannot be read");
    expect(top.config.vars).not.toHaveProperty("ENVIRONMENT");
    expect(production.config.vars).toHaveProperty("ENVIRONMENT", "production");
    // Inherited: the alias and the date. Not inherited: vars and secrets.
    expect(production.config.alias).toEqual(top.config.alias);
    expect(production.config.compatibilityDate).toBe(top.config.compatibilityDate);
    expect(top.config.requiredSecrets).toBeNull();
    expect(production.config.requiredSecrets).toContain("ID_SECRET");
  });

  it("looks at the top level where that is asked for, whatever CLOUDFLARE_ENV says", async () => {
    process.env["CLOUDFLARE_ENV"] = "production";
    try {
      const read = await readWranglerConfig(".", null);
      expect(read.ok && read.config.vars).not.toHaveProperty("ENVIRONMENT");
    } finally {
      delete process.env["CLOUDFLARE_ENV"];
    }
  });

  it("says which environments there are where one is asked for that is not", async () => {
    expect(await readWranglerConfig(".", "produktion")).toEqual({
      ok: false,
      reason: "no_environment",
      environments: ["staging", "production"],
    });
  });
});

describe("the environments of wrangler.toml", () => {
  it.each(["staging", "production"])("%s differs from the top level only where it should", async (name) => {
    const read = await readWranglerConfig(".", name);
    if (!read.ok) throw new Error("wrangler.toml cannot be read");
    const { topLevelVars, vars } = read.config;
    expect(differences(topLevelVars, vars)).toEqual([]);
    expect(vars).toHaveProperty("ENVIRONMENT", name);
  });

  it.each(["staging", "production"])("%s is refused by wrangler without each secret", async (name) => {
    const read = await readWranglerConfig(".", name);
    expect(read.ok && read.config.requiredSecrets).toEqual([
      "UPSTASH_REDIS_REST_URL",
      "UPSTASH_REDIS_REST_TOKEN",
      "ID_SECRET",
      "OTP_SECRET",
      "SIGNING_KEYS",
      "ISSUER",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
    ]);
  });

  it.each([
    ["a changed text", { A: "1" }, { A: "2" }, ["A"]],
    ["a missing var", { A: "1", B: "2" }, { A: "1" }, ["B"]],
    ["a var too many", { A: "1" }, { A: "1", B: "2" }, ["B"]],
    [
      "a field of one role",
      { APPS: { c: { senderId: "A" }, d: { senderId: "A" } } },
      { APPS: { c: { senderId: "A" }, d: { senderId: "B" } } },
      ["APPS.d.senderId"],
    ],
    ["a missing table", { POLICY: { codeLength: 6 } }, {}, ["POLICY.codeLength"]],
    [
      "a list",
      { APPS: { c: { countries: ["IN"] } } },
      { APPS: { c: { countries: ["US"] } } },
      ["APPS.c.countries"],
    ],
    ["nothing", { A: "1", ISSUER: "a" }, { A: "1", ISSUER: "b", ENVIRONMENT: "staging" }, []],
    [
      "a budget and test numbers",
      { APPS: { c: {} } },
      {
        APPS: { c: { testNumbers: { "+12025550123": "123456" } } },
        POLICY: { smsPerDay: 5 },
      },
      [],
    ],
    ["a key that could be a number", { A: { "919876543210": 1 } }, { A: {} }, ["A.*"]],
  ])("differ by %s", (_name, left, right, expected) => {
    expect(differences(left, right)).toEqual(expected);
  });

  it("are compared by the doctor, who names the place", async () => {
    const { wrangler } = patientOf(upstreams);
    const changed = {
      ...wrangler,
      topLevelVars: { SNS_REGIONS: "ap-south-1" },
      vars: { SNS_REGIONS: "eu-west-1" },
    };
    const findings = await examineConfig({ environment: "staging", wrangler: changed });
    expect(finding(findings, "environments")).toMatchObject({
      status: "warn",
      message: expect.stringContaining("SNS_REGIONS"),
    });
  });
});

describe("the doctor, of bindings", () => {
  it("finds nothing wrong with good ones", async () => {
    const findings = await examineConfig({});
    expect(statuses(findings, "bindings")).toEqual({ bindings: "ok" });
    expect(statuses(findings, "signing-keys")).toEqual({ "signing-keys": "ok" });
  });

  it("says all that the Worker would say, a line each, and what to do", async () => {
    const findings = await examineConfig({
      bindings: {
        UPSTASH_REDIS_REST_URL: "redis://hoax.example",
        OTP_SECRET: "hoax-hoax",
        ISSUER: undefined,
        SIGNING_KEYS: "hoax-hoax",
        APPS: { customer: { ...APPS.customer, counries: ["hoax"] } },
      },
    });
    expect(statuses(findings, "bindings")).toEqual({
      "bindings.UPSTASH_REDIS_REST_URL": "fail",
      "bindings.OTP_SECRET": "fail",
      "bindings.ISSUER": "fail",
      "bindings.APPS": "fail",
      "bindings.SIGNING_KEYS": "fail",
    });
    expect(finding(findings, "bindings.UPSTASH_REDIS_REST_URL").message).toContain("redis://");
    expect(finding(findings, "bindings.ISSUER").message).toBe("ISSUER is not there.");
    expect(finding(findings, "bindings.APPS").message).toBe("APPS customer knows no field counries.");
    expect(finding(findings, "store.scheme").status).toBe("fail");
    expect(JSON.stringify(findings)).not.toContain("hoax");
  });

  it("says in one sentence that a newcomer has no .dev.vars yet", async () => {
    const none = Object.fromEntries(Object.keys(upstreams.bindings).map((name) => [name, undefined]));
    const findings = await findingsOf(patientOf(upstreams, { bindings: none }));
    expect(finding(findings, "bindings")).toMatchObject({
      status: "fail",
      fix: expect.stringContaining("npm run dev"),
    });
  });

  it("does not check a secret that only Cloudflare has, and says so", async () => {
    const findings = await examineConfig({
      environment: "production",
      bindings: {
        AWS_SECRET_ACCESS_KEY: undefined,
        SIGNING_KEYS: undefined,
        UPSTASH_REDIS_REST_TOKEN: undefined,
      },
    });
    const absent = finding(findings, "bindings.AWS_SECRET_ACCESS_KEY");
    expect(absent.status).toBe("skipped");
    expect(absent.message).toContain("not given here, so it was not checked");
    expect(absent.message).toContain("npx wrangler secret list --env production");
    expect(finding(findings, "bindings").status).toBe("ok");
    expect(finding(findings, "signing-keys").status).toBe("skipped");
    expect(finding(findings, "store.token").status).toBe("skipped");
    expect(finding(findings, "sns.credentials").status).toBe("skipped");
  });

  it("takes a secret that only something else asks for as one that only Cloudflare has", async () => {
    const bindings = { DIRECTORY_URL: "https://directory.example/user", DIRECTORY_SECRET: undefined };
    const deployed = await examineConfig({ environment: "production", bindings });
    expect(statuses(deployed, "bindings")).toEqual({
      bindings: "ok",
      "bindings.DIRECTORY_SECRET": "skipped",
    });
    expect(statuses(deployed, "sms.words")).toEqual({ "sms.words": "ok" });
    expect(statuses(await examineConfig({ bindings }), "bindings")).toEqual({
      "bindings.DIRECTORY_SECRET": "fail",
    });
  });

  it.each([
    [1, "ok"],
    [2, "ok"],
    [3, "warn"],
  ])("counts %i signing keys, and names the first", async (count, status) => {
    const keys = await Promise.all(Array.from({ length: count }, () => createSigningKey()));
    const findings = await examineConfig({ bindings: { SIGNING_KEYS: formatKeySet(keys) } });
    expect(finding(findings, "signing-keys")).toMatchObject({
      status,
      message: expect.stringContaining(keys[0]?.kid ?? ""),
    });
  });
});

describe("the doctor, of SMS to India", () => {
  const dlt = { entityId: "1101456324", templateId: "1107160000" };
  const { customer } = APPS;
  const whole = "<#> Your Weelo verification code is: {#var#}. Valid for {#var#} minutes.\nAbCdEfGhIjK";

  const examineApp = (app: object, more: Readonly<Record<string, unknown>> = {}) =>
    examineConfig({ bindings: { APPS: { customer: app }, ...more } });

  it.each<[string, object, Readonly<Record<string, string>>]>([
    ["no DLT ids", customer, { "sms.india.customer": "warn", "sms.words": "ok" }],
    [
      "DLT ids without a sender id",
      { ...customer, senderId: undefined, dlt: { ...dlt, text: whole } },
      { "sms.india.customer": "warn", "sms.words": "ok" },
    ],
    [
      "DLT ids without the registered text",
      { ...customer, dlt },
      { "sms.india.customer": "ok", "sms.words": "warn" },
    ],
    [
      "DLT ids and the registered text",
      { ...customer, dlt: { ...dlt, text: whole } },
      { "sms.india.customer": "ok", "sms.words": "ok" },
    ],
    [
      "DLT ids of the country",
      { ...customer, byCountry: { IN: { dlt: { ...dlt, text: whole }, senderId: "WEELO" } } },
      { "sms.india.customer": "ok", "sms.words": "ok" },
    ],
  ])("looks at %s", async (_name, app, expected) => {
    const findings = await examineApp(JSON.parse(JSON.stringify(app)) as object);
    expect(finding(findings, "bindings").status).toBe("ok");
    expect(statuses(findings, "sms.")).toEqual(expected);
  });

  it("warns of regions that DLT ids count for nothing in", async () => {
    const app = { ...customer, dlt: { ...dlt, text: whole } };
    const findings = await examineApp(app, { SNS_REGIONS: "IN=ap-south-1,eu-west-1;*=us-east-1" });
    expect(finding(findings, "sms.words")).toMatchObject({
      status: "warn",
      message: expect.stringContaining("eu-west-1"),
    });
  });

  it("looks although secrets are missing or wrong, and not where more is", async () => {
    const bindings = { OTP_SECRET: undefined, ID_SECRET: "short", OTP_SECRET_PREVIOUS: "short" };
    const beside = await examineConfig({ environment: "production", bindings });
    expect(statuses(beside, "sms.india.customer")).toEqual({ "sms.india.customer": "warn" });
    const broken = await examineConfig({ bindings: { APPS: "{" } });
    expect(statuses(broken, "sms.")).toEqual({ "sms.india": "skipped", "sms.words": "skipped" });
  });

  it("says nothing of India where no role serves it", async () => {
    const findings = await examineApp({ name: "Weelo", defaultCountry: "US" });
    expect(statuses(findings, "sms.")).toEqual({ "sms.india": "ok", "sms.words": "ok" });
  });
});

describe("the redaction", () => {
  it("hides every secret, private members of keys, test numbers and the phone, wherever they come from", async () => {
    const key = await createSigningKey();
    const redact = createRedaction(
      patientOf(upstreams, {
        phone: "+919876543210",
        bindings: {
          OTP_SECRET: "marked-otp-secret ",
          SIGNING_KEYS: formatKeySet([key]),
          SOMETHING_NEW: "marked-new",
          APPS: { customer: { testNumbers: { "+12025550123": "123456" } } },
        },
      }),
    );
    const message = `a marked-otp-secret b ${key.d} c marked-new d +12025550123 e 919876543210 f ${key.kid}`;
    expect(redact({ id: "x", status: "warn", message, fix: "marked-new" })).toEqual({
      id: "x",
      status: "warn",
      message: `a [hidden] b [hidden] c [hidden] d [hidden] e [hidden] f ${key.kid}`,
      fix: "[hidden]",
    });
  });
});

describe(".dev.vars.example", () => {
  it("names every secret that the environments want", async () => {
    const example = await readFile(".dev.vars.example", "utf8");
    const read = await readWranglerConfig(".", "production");
    for (const name of (read.ok && read.config.requiredSecrets) || ["none"])
      expect(example).toContain(`${name}=`);
  });
});
