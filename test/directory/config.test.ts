import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { bindings as right } from "../harness/config-problems.ts";
import { APPS } from "../harness/service.ts";
import { randomSecret } from "../harness/upstreams.ts";

const bindings = { ...right, APPS };
const url = "https://users.example.com/edge-otp?tenant=1";
const directory = { DIRECTORY_URL: url, DIRECTORY_SECRET: randomSecret() };

function problemsOf(overrides: Readonly<Record<string, unknown>>) {
  const result = parseConfig({ ...bindings, ...overrides });
  return result.ok ? [] : result.problems.map(({ binding, wants }) => `${binding} ${wants}`);
}

function configOf(overrides: Readonly<Record<string, unknown>>) {
  const result = parseConfig({ ...bindings, ...overrides });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

describe("the bindings of the directory", () => {
  it("may both be absent", () => {
    expect(configOf({}).directory).toBe(null);
  });

  it("are an address, with a path and a query, and a secret", () => {
    expect(configOf(directory).directory).toEqual({
      url,
      secret: new Uint8Array(Buffer.from(directory.DIRECTORY_SECRET, "base64url")),
    });
  });

  it.each(["DIRECTORY_URL", "DIRECTORY_SECRET"] as const)("are wrong without %s, which is named", (name) => {
    expect(problemsOf({ ...directory, [name]: undefined })).toEqual([
      `${name} wants a value, since its other half has one`,
    ]);
  });

  it("are named beside all else that is wrong", () => {
    expect(
      problemsOf({ OTP_SECRET: "hoax", DIRECTORY_URL: "http://hoax.example" }).map(
        (text) => text.split(" ")[0],
      ),
    ).toEqual(["OTP_SECRET", "DIRECTORY_URL", "DIRECTORY_SECRET"]);
  });

  it.each([
    "http://hoax.example/users",
    "https://user:hoax@example.com/users",
    "https://hoax@example.com/users",
    "https://example.com/users#hoax",
    "hoax",
    "",
    7,
  ])("take no %j for an address, and do not show it", (value) => {
    const problems = problemsOf({ ...directory, DIRECTORY_URL: value });
    expect(problems).toEqual([expect.stringMatching(/^DIRECTORY_URL wants /) as string]);
    expect(problems.join(" ")).not.toContain("hoax");
  });

  it.each([Buffer.alloc(31, 1).toString("base64url"), "hoax", "", 7])(
    "take no %j for a secret, and do not show it",
    (value) => {
      const problems = problemsOf({ ...directory, DIRECTORY_SECRET: value });
      expect(problems).toEqual(["DIRECTORY_SECRET wants at least 32 random bytes in base64url"]);
    },
  );
});

describe("what a role does without its directory", () => {
  it("is to fail, unless it says that it proceeds", () => {
    const driver = { ...APPS.driver, directory: "proceed" };
    const { byRole } = configOf({ ...directory, APPS: { ...APPS, driver } }).apps;
    expect([byRole.get("customer")?.directory, byRole.get("driver")?.directory]).toEqual(["fail", "proceed"]);
  });

  it("is nothing else", () => {
    const driver = { ...APPS.driver, directory: "ignore" };
    expect(problemsOf({ APPS: { ...APPS, driver } })).toEqual([
      "APPS driver.directory wants one of fail, proceed",
    ]);
  });
});

describe("directoryTimeoutMs", () => {
  it("is a second, and never longer", () => {
    expect(configOf({}).policy.directoryTimeoutMs).toBe(1000);
    expect(configOf({ POLICY: { directoryTimeoutMs: 200 } }).policy.directoryTimeoutMs).toBe(200);
    expect(problemsOf({ POLICY: { directoryTimeoutMs: 1001 } })).toEqual([
      "POLICY directoryTimeoutMs wants 1000 at most",
    ]);
  });
});
