import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { APPS, freshPhone, startService } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
afterAll(() => upstreams.close());

const [key, other] = await Promise.all([createSigningKey(), createSigningKey()]);
const { d: _, ...publicOnly } = key;

const short = Buffer.from("too short").toString("base64url");

describe("a Worker whose configuration is wrong", () => {
  it.each([
    ["UPSTASH_REDIS_REST_URL", undefined],
    ["UPSTASH_REDIS_REST_URL", "http://hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "redis://hoax.example:6379"],
    ["UPSTASH_REDIS_REST_URL", "rediss://hoax.example:6379"],
    ["UPSTASH_REDIS_REST_URL", "hoax"],
    ["UPSTASH_REDIS_REST_URL", "https://user:hoax@example.com"],
    ["UPSTASH_REDIS_REST_URL", "HTTPS://HOAX.EXAMPLE"],
    ["UPSTASH_REDIS_REST_URL", "https:hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "https://example.com/hoax hoax"],
    ["UPSTASH_REDIS_REST_URL", "https://example.com/#"],
    ["UPSTASH_REDIS_REST_URL", "https://example.com/?hoax"],
    ["UPSTASH_REDIS_REST_URL", "https://.hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "https:///hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "https://$hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "https://h"],
    ["UPSTASH_REDIS_REST_URL", "https://%24hoax.example"],
    ["UPSTASH_REDIS_REST_URL", "https://{hoax}.upstash.io"],
    ["UPSTASH_REDIS_REST_URL", 'https://"hoax".example'],
    ["UPSTASH_REDIS_REST_TOKEN", undefined],
    ["UPSTASH_REDIS_REST_TOKEN", ""],
    ["UPSTASH_REDIS_REST_TOKEN", "hoax hoax"],
    ["ID_SECRET", undefined],
    ["ID_SECRET", short],
    ["ID_SECRET", "hoax".repeat(20) + "!"],
    ["OTP_SECRET", undefined],
    ["OTP_SECRET", short],
    ["OTP_SECRET_PREVIOUS", short],
    ["AWS_ACCESS_KEY_ID", undefined],
    ["AWS_SECRET_ACCESS_KEY", undefined],
    ["AWS_SECRET_ACCESS_KEY", "hoax\n"],
    ["SNS_REGIONS", undefined],
    ["SNS_REGIONS", "hoax-south-1"],
    ["SNS_REGIONS", "ap-south-1,"],
    ["SNS_ENDPOINT", "http://hoax.example/{region}"],
    ["SNS_ENDPOINT", "https://hoax.example/{Region}"],
    ["ISSUER", undefined],
    ["ISSUER", ""],
    ["ISSUER", "http://hoax.example"],
    ["ISSUER", "hoax"],
    ["ISSUER", "https://hoax.example/?hoax"],
    ["SIGNING_KEYS", undefined],
    ["SIGNING_KEYS", ""],
    ["SIGNING_KEYS", "hoax"],
    ["SIGNING_KEYS", { keys: [] }],
    ["SIGNING_KEYS", { keys: [{ kty: "hoax" }] }],
    ["SIGNING_KEYS", { keys: [{ kty: "oct", k: "hoax".repeat(11), alg: "HS256" }] }],
    ["SIGNING_KEYS", { keys: [{ ...key, crv: "P-384" }] }],
    ["SIGNING_KEYS", { keys: [publicOnly] }],
    ["SIGNING_KEYS", formatKeySet([key, publicOnly])],
    ["SIGNING_KEYS", { keys: [{ ...key, d: "A".repeat(43) }] }],
    ["SIGNING_KEYS", { keys: [{ ...key, x: key.y, y: key.x }] }],
    ["SIGNING_KEYS", { keys: [{ ...key, d: other.d }] }],
    ["TURNSTILE_SECRET", "hoax hoax"],
    ["TURNSTILE_ENDPOINT", "http://hoax.example"],
    ["RATE_LIMITER", "hoax"],
    ["RATE_LIMITER", { limit: 100, period: 60 }],
    ["APPS", undefined],
    ["APPS", "{hoax"],
    ["APPS", {}],
    ["APPS", { customer: { name: "hoax" } }],
    ["APPS", { customer: { ...APPS.customer, counries: ["hoax"] } }],
    ["APPS", { ...APPS, driver: { ...APPS.driver, default: true } }],
    ["APPS", { customer: { ...APPS.customer, androidHash: "hoax" } }],
    ["APPS", { customer: { ...APPS.customer, turnstile: { hostnames: ["https://hoax"] } } }],
    ["APPS", { customer: { ...APPS.customer, templates: { en: "hoax without it" } } }],
    ["ASSETS", "hoax"],
    ["POLICY", "hoax"],
    ["POLICY", { sendsPerHuor: 5 }],
    ["POLICY", { smsPerDayPerCountry: { UK: 1 } }],
    ["POLICY", { smsPerDayPerRole: { Driver: 1 } }],
    ["POLICY", { guessesPerChallenge: 0 }],
    ["POLICY", { guard: "hoax" }],
    ["POLICY", { smsPricesUsd: { UK: 1 } }],
    ["APPS", { customer: { ...APPS.customer, testNumbers: { hoax: "424242" } } }],
    ["POLICY", { codeLength: "hoax" }],
    ["POLICY", { storeTimeoutMs: 1.5 }],
    ["ENVIRONMENT", ""],
    ["ENVIRONMENT", "Hoax"],
    ["ENVIRONMENT", "hoax hoax"],
    ["METRICS", "hoax"],
    ["METRICS", { dataset: "hoax" }],
  ])("(%s = %j) serves nothing but MISCONFIGURED, and logs the name and no value", async (binding, value) => {
    const overrides = {
      [binding]: typeof value === "string" && value.endsWith("\n") ? `${value}hoax` : value,
    };
    const service = await startService(overrides, { ...upstreams, close: () => Promise.resolve() });
    const before = upstreams.store.exchanges.length + upstreams.sns.exchanges.length;
    const answers = [
      await service.sendOtp({ phone: freshPhone() }),
      await service.verifyOtp({ phone: freshPhone(), otp: "123456" }),
      await service.request("/.well-known/jwks.json"),
      await service.request("/health"),
      await service.request("/ready"),
      await service.request("/openapi.json"),
      await service.request("/docs"),
      await service.request("/nowhere"),
    ];
    for (const { status, body } of answers) {
      expect([status, body.error?.["code"]]).toEqual([503, "MISCONFIGURED"]);
      expect(JSON.stringify(body)).not.toMatch(new RegExp(`hoax|${binding}`));
    }
    expect(upstreams.store.exchanges.length + upstreams.sns.exchanges.length).toBe(before);
    await expect.poll(() => service.logs.length).toBe(8);
    for (const line of service.logs) {
      expect(line["problems"]).toEqual([{ binding, wants: expect.stringMatching(/\w+/) as string }]);
      expect(JSON.stringify(line)).not.toMatch(/hoax(?! )|https:\/\/user/);
      for (const part of [key.x, key.y, key.d, key.kid]) expect(JSON.stringify(line)).not.toContain(part);
    }
    expect(service.noise).toEqual([]);
    await service.close();
  });

  it("is told so when a rotation of OTP_SECRET rotates nothing", async () => {
    const same = { OTP_SECRET_PREVIOUS: ` ${upstreams.bindings["OTP_SECRET"]}=\n` };
    const service = await startService(same, { ...upstreams, close: () => Promise.resolve() });
    expect((await service.request("/health")).body.error?.["code"]).toBe("MISCONFIGURED");
    await expect.poll(() => JSON.stringify(service.logs)).toContain("OTP_SECRET_PREVIOUS");
    await service.close();
  });

  it("shows no key that could be a value", async () => {
    const pasted = { APPS: { ...APPS, customer: { ...APPS.customer, "+919812345678": 1, sk_live_4242: 2 } } };
    const service = await startService(pasted, { ...upstreams, close: () => Promise.resolve() });
    await service.request("/health");
    await expect.poll(() => service.logs.length).toBe(1);
    expect(JSON.stringify(service.logs)).not.toMatch(/9812345678|sk_live|4242/);
    await service.close();
  });

  it("is told what to use instead of a redis:// address", async () => {
    const service = await startService(
      { UPSTASH_REDIS_REST_URL: "rediss://a:b@c:6379" },
      { ...upstreams, close: () => Promise.resolve() },
    );
    await service.request("/health");
    await expect
      .poll(() => JSON.stringify(service.logs))
      .toContain("wants the https:// address of the database's REST API");
    await service.close();
  });
});

describe("a configuration that is right", () => {
  it("may come as text, as from the dashboard, and names everything wrong at once when it is not", async () => {
    const ownUpstreams = { ...upstreams, close: () => Promise.resolve() };
    const service = await startService(
      { APPS: JSON.stringify(APPS), POLICY: '{"codeLength":8}' },
      ownUpstreams,
    );
    const sent = await service.sendOtp({ phone: freshPhone() });
    expect(sent.body.data?.["codeLength"]).toBe(8);
    await service.close();

    const broken = await startService(
      { APPS: undefined, OTP_SECRET: undefined, SNS_REGIONS: "x", ISSUER: undefined, SIGNING_KEYS: "x" },
      ownUpstreams,
    );
    await broken.request("/health");
    await expect
      .poll(() => broken.logs.flatMap((line) => line["problems"]))
      .toMatchObject(
        ["OTP_SECRET", "SNS_REGIONS", "ISSUER", "APPS", "SIGNING_KEYS"].map((binding) => ({ binding })),
      );
    await broken.close();
  });

  it("may change OTP_SECRET while codes are on their way", async () => {
    const ownUpstreams = { ...upstreams, close: () => Promise.resolve() };
    const phone = freshPhone();
    const before = await startService({}, ownUpstreams);
    const sent = await before.sendOtp({ phone });
    await before.close();
    const rotated = {
      OTP_SECRET: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64url"),
      OTP_SECRET_PREVIOUS: upstreams.bindings["OTP_SECRET"],
    };
    const after = await startService(rotated, ownUpstreams);
    const body = { phone, otp: after.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
    expect((await after.verifyOtp(body)).status).toBe(200);
    await after.close();
  });
});
