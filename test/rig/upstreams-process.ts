import { randomBytes } from "node:crypto";
import { openAuthority } from "../../src/local/authority.ts";
import { embeddedBackend, realBackend } from "../../src/local/redis/backend.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import { startRedis } from "../../src/local/redis/server.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { startSns } from "../../src/local/sns/server.ts";
import { countBackend, type CountedBackend } from "./counted-backend.ts";
import { createFixedDistance } from "./fixed-distance.ts";
import { rawBackend } from "./raw-backend.ts";
import type { Asked, StartOptions, TakenSms, UpstreamState } from "./upstreams.ts";

/** The child of `forkUpstreams`: both upstreams, answering its parent's questions. */
const secret = () => randomBytes(32).toString("base64url");

async function start({
  directory,
  redis,
  isCounted,
}: StartOptions): Promise<(asked: Asked) => Promise<unknown>> {
  const authority = await openAuthority(directory);
  const tls = await authority.issue();
  const credentials = { accessKeyId: "AKIATESTTESTTESTTEST", secretAccessKey: secret() };
  const token = secret();
  const plain = openBackend(redis);
  const counted: CountedBackend | null = isCounted ? countBackend(plain) : null;
  const distances = { store: createFixedDistance(), sms: createFixedDistance() };
  let messages: TakenSms[] = [];
  let publishes = 0;
  const store = await startRedis({ backend: counted ?? plain, token, tls, travel: distances.store.travel });
  const startSnsAt = (port: number) =>
    startSns({
      port,
      credentials,
      tls,
      travel: distances.sms.travel,
      onMessage({ to, text }) {
        publishes += 1;
        messages.push({ to, code: /\b\d{4,10}\b/.exec(text)?.[0] ?? "" });
      },
    });
  let sns = await startSnsAt(0);
  const state: UpstreamState = {
    caPem: authority.caPem,
    bindings: {
      UPSTASH_REDIS_REST_URL: store.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ID_SECRET: secret(),
      OTP_SECRET: secret(),
      SIGNING_KEYS: formatKeySet([await createSigningKey()]),
      ISSUER: "https://edge-otp.test",
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      SNS_REGIONS: "ap-south-1,ap-south-2",
      SNS_ENDPOINT: sns.url,
    },
  };
  return async (asked) => {
    switch (asked.what) {
      case "state":
        return state;
      case "distances":
        distances.store.set(asked.storeMs);
        distances.sms.set(asked.smsMs);
        return null;
      case "counts":
        return { publishes, ...counted?.counts };
      case "transactions":
        return counted?.transactions ?? [];
      case "messages": {
        const taken = messages;
        messages = [];
        return taken;
      }
      case "sms":
        if (asked.isUp) sns = await startSnsAt(sns.port);
        else await sns.close();
        return null;
    }
  };
}

function openBackend(redis: StartOptions["redis"]) {
  if (redis === null) return embeddedBackend(createEngine());
  return redis.isUnchecked ? rawBackend(redis.url) : realBackend(redis.url);
}

process.once("message", (options: StartOptions) => {
  const answers = start(options);
  process.on("message", ({ id, asked }: { id: number; asked: Asked }) => {
    void answers.then(async (answer) => process.send?.({ id, answer: await answer(asked) }));
  });
});
process.on("disconnect", () => process.exit());
