import { randomBytes } from "node:crypto";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";

/** All bindings but APPS and POLICY, good ones, for whoever reaches no upstream over a wire. */
export async function createBindings(): Promise<Readonly<Record<string, string>>> {
  const secret = () => randomBytes(32).toString("base64url");
  return {
    UPSTASH_REDIS_REST_URL: "https://store.test",
    UPSTASH_REDIS_REST_TOKEN: "token",
    ID_SECRET: secret(),
    OTP_SECRET: secret(),
    SIGNING_KEYS: formatKeySet([await createSigningKey()]),
    ISSUER: "https://edge-otp.test",
    AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
    AWS_SECRET_ACCESS_KEY: secret(),
    SNS_REGIONS: "ap-south-1,ap-south-2",
  };
}
