import { randomBytes } from "node:crypto";
import type { Authority } from "../../src/local/authority.ts";
import { openAuthority } from "../../src/local/authority.ts";
import type { RedisBackend } from "../../src/local/redis/backend.ts";
import { embeddedBackend, realBackend } from "../../src/local/redis/backend.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import { startRedis } from "../../src/local/redis/server.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import type { PublishedSms } from "../../src/local/sns/server.ts";
import { startSns } from "../../src/local/sns/server.ts";
import type { FaultProxy } from "./fault-proxy.ts";
import { startFaultProxy } from "./fault-proxy.ts";

/** The two upstreams, each behind a proxy that can fail in every way. */
export interface Upstreams {
  readonly authority: Authority;
  readonly backend: RedisBackend;
  readonly store: FaultProxy;
  readonly sns: FaultProxy;
  /** What SNS has taken, oldest first. */
  readonly sent: PublishedSms[];
  /** All bindings but APPS and POLICY, good ones. */
  readonly bindings: Readonly<Record<string, string>>;
  /** Those of them that lead past the proxies. */
  readonly directBindings: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

export function randomSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** The authority that the test processes trust. */
export function testAuthority(): Promise<Authority> {
  return openAuthority(required("EDGE_OTP_TEST_CA"));
}

/** The embedded engine, or the real Redis at REDIS_URL. */
export function createBackend(now?: () => number): RedisBackend {
  const url = process.env["REDIS_URL"];
  return url === undefined
    ? embeddedBackend(createEngine(now === undefined ? {} : { now }))
    : realBackend(url);
}

export async function startUpstreams(
  backend: RedisBackend = createBackend(),
  trusted?: Authority,
): Promise<Upstreams> {
  const authority = trusted ?? (await testAuthority());
  const tls = await authority.issue();
  const token = randomSecret();
  const credentials = { accessKeyId: "AKIATESTTESTTESTTEST", secretAccessKey: randomSecret() };
  const sent: PublishedSms[] = [];
  const redis = await startRedis({ backend, token, tls });
  const sns = await startSns({ credentials, tls, onMessage: (sms) => sent.push(sms) });
  const store = await startFaultProxy({ upstream: redis.url, tls, ca: authority.caPem });
  const snsProxy = await startFaultProxy({
    upstream: `https://localhost:${sns.port}`,
    tls,
    ca: authority.caPem,
  });
  return {
    authority,
    backend,
    store,
    sns: snsProxy,
    sent,
    bindings: {
      UPSTASH_REDIS_REST_URL: store.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ID_SECRET: randomSecret(),
      OTP_SECRET: randomSecret(),
      SIGNING_KEYS: formatKeySet([await createSigningKey()]),
      ISSUER: "https://edge-otp.test",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SNS_REGIONS: "ap-south-1,ap-south-2",
      SNS_ENDPOINT: `${snsProxy.url}/{region}`,
    },
    directBindings: { UPSTASH_REDIS_REST_URL: redis.url, SNS_ENDPOINT: sns.url },
    async close() {
      await Promise.all([store.close(), snsProxy.close(), redis.close(), sns.close()]);
      await backend.close();
    },
  };
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests by npm test`);
  return value;
}
