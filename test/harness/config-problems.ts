import { parseConfig } from "../../src/config.ts";
import { randomSecret } from "./upstreams.ts";

export const customer = { name: "Weelo", defaultCountry: "IN", countries: ["IN", "US"] } as const;
export const androidHash = "AbCdEfGhIjK";
export const dlt = { entityId: "110", templateId: "1107" };

export const bindings = {
  UPSTASH_REDIS_REST_URL: "https://redis.example.com",
  UPSTASH_REDIS_REST_TOKEN: "token",
  ID_SECRET: randomSecret(),
  OTP_SECRET: randomSecret(),
  AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
  AWS_SECRET_ACCESS_KEY: "secret",
  SNS_REGIONS: "ap-south-1",
  ISSUER: "https://auth.example.com",
  APPS: { customer },
};

export function problemsOf(overrides: Readonly<Record<string, unknown>>) {
  const result = parseConfig({ ...bindings, ...overrides });
  return result.ok ? [] : result.problems.map(({ binding, wants }) => `${binding} ${wants}`);
}

export function problemsOfApp(
  fields: Readonly<Record<string, unknown>>,
  policy: Readonly<Record<string, unknown>> = {},
) {
  return problemsOf({ APPS: { customer: { ...customer, ...fields } }, POLICY: policy });
}

export const en = (text: string) => ({ templates: { en: text } });
