import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { bindings as right } from "../harness/config-problems.ts";
import { APPS } from "../harness/service.ts";

const web = { name: "Web", defaultCountry: "IN", turnstile: { hostnames: ["app.example.com"] } };
const bindings = { ...right, APPS: { ...APPS, web }, TURNSTILE_SECRET: "0xhoax" };

function parse(overrides: Readonly<Record<string, unknown>>) {
  const given = Object.entries({ ...bindings, ...overrides }).filter(([, value]) => value !== undefined);
  return parseConfig(Object.fromEntries(given));
}

function problemsOf(overrides: Readonly<Record<string, unknown>>) {
  const result = parse(overrides);
  return result.ok ? [] : result.problems.map(({ binding, wants }) => `${binding} ${wants}`);
}

function configOf(overrides: Readonly<Record<string, unknown>> = {}) {
  const result = parse(overrides);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

const turnstileOf = (turnstile: unknown) => ({ APPS: { ...APPS, web: { ...web, turnstile } } });

describe("the bindings of Turnstile", () => {
  it("are a secret, and Cloudflare's own address unless there is another", () => {
    expect(configOf().turnstile).toEqual({
      url: "https://challenges.cloudflare.com/turnstile/v0/siteverify",
      secret: "0xhoax",
    });
    const url = "https://localhost:8443/siteverify";
    expect(configOf({ TURNSTILE_ENDPOINT: url }).turnstile).toEqual({ url, secret: "0xhoax" });
  });

  it("may be absent, or there for nothing, where no role asks", () => {
    expect(configOf({ APPS, TURNSTILE_SECRET: undefined }).turnstile).toBe(null);
    expect(configOf({ APPS }).turnstile).toMatchObject({ secret: "0xhoax" });
  });

  it.each([bindings.APPS, JSON.stringify(bindings.APPS)])(
    "are wrong without the secret where a role asks",
    (apps) => {
      const wants = "TURNSTILE_SECRET wants a value, since a role in APPS asks for Turnstile";
      expect(problemsOf({ APPS: apps, TURNSTILE_SECRET: undefined })).toEqual([wants]);
      expect(problemsOf({ APPS: apps, TURNSTILE_SECRET: undefined, OTP_SECRET: "short" })).toEqual([
        expect.stringMatching(/^OTP_SECRET /) as string,
        wants,
      ]);
    },
  );

  it.each(["", "  ", "hoax hoax", "hoax\u00e9", 7])(
    "take no %j for a secret, and do not show it",
    (value) => {
      const problems = problemsOf({ TURNSTILE_SECRET: value });
      expect(problems).toEqual([expect.stringMatching(/^TURNSTILE_SECRET wants /) as string]);
      expect(problems.join(" ")).not.toContain("hoax");
    },
  );

  it.each([
    "http://hoax.example/siteverify",
    "https://a:hoax@example.com",
    "https://example.com/?hoax",
    "",
    7,
  ])("take no %j for an address, and do not show it", (value) => {
    const problems = problemsOf({ TURNSTILE_ENDPOINT: value });
    expect(problems).toEqual([expect.stringMatching(/^TURNSTILE_ENDPOINT wants /) as string]);
    expect(problems.join(" ")).not.toContain("hoax");
  });
});

describe("what a role asks of Turnstile", () => {
  it("is nothing, unless it says so", () => {
    expect(configOf().apps.byRole.get("customer")?.turnstile).toBe(undefined);
  });

  it("is hosts, in small letters, and an action, which is send-otp unless it has another", () => {
    expect(configOf().apps.byRole.get("web")?.turnstile).toEqual({
      hostnames: ["app.example.com"],
      action: "send-otp",
    });
    const { apps } = configOf(
      turnstileOf({ hostnames: ["App.Example.com", "localhost"], action: "sign_in" }),
    );
    expect(apps.byRole.get("web")?.turnstile).toEqual({
      hostnames: ["app.example.com", "localhost"],
      action: "sign_in",
    });
  });

  it.each([
    [{}, ".hostnames "],
    [{ hostnames: "app.example.com" }, ".hostnames "],
    [{ hostnames: [] }, ".hostnames wants 1 at least"],
    [{ hostnames: ["https://app.example.com/"] }, ".hostnames.* wants a host name, such as app.example.com"],
    [{ hostnames: ["*.example.com"] }, ".hostnames.* wants a host name, such as app.example.com"],
    [{ hostnames: ["app.example.com:8443"] }, ".hostnames.* wants a host name, such as app.example.com"],
    [{ hostnames: ["a.example"], action: "" }, ".action wants 1 to 32 letters, digits, _ or -"],
    [{ hostnames: ["a.example"], action: "sign in" }, ".action wants 1 to 32 letters, digits, _ or -"],
    [{ hostnames: ["a.example"], action: "x".repeat(33) }, ".action wants 1 to 32 letters, digits, _ or -"],
    [{ hostnames: ["a.example"], secret: "hoax" }, " knows no field secret"],
    [true, " "],
  ])("is not %j", (turnstile, wants) => {
    const problems = problemsOf(turnstileOf(turnstile));
    expect(problems).toEqual([expect.stringContaining(`APPS web.turnstile${wants}`) as string]);
  });
});
