import type { RedisBackend } from "../../../src/local/redis/backend.ts";
import { createEngine } from "../../../src/local/redis/engine.ts";
import { embeddedBackend, realBackend } from "../../../src/local/redis/backend.ts";
import { openAuthority } from "../../../src/local/authority.ts";
import type { Identity } from "../../../src/identity.ts";
import { createIdentity } from "../../../src/identity.ts";
import type { Upstreams } from "../../harness/upstreams.ts";
import { startUpstreams } from "../../harness/upstreams.ts";
import { startRedisServer } from "../../rig/redis-server.ts";
import { startWorkerd } from "../../rig/workerd.ts";
import type { ChaosOptions } from "../parts.ts";
import type { Ambushes } from "./ambush.ts";
import { createAmbushes, phoneOf, traceIdOf } from "./ambush.ts";
import type { BadServers } from "./bad-servers.ts";
import { startBadServers } from "./bad-servers.ts";
import type { Door } from "./door.ts";
import { openDoor } from "./door.ts";

/** Time-outs of the Worker, in ms: short, but nothing that is well takes as long on a busy machine. */
export const TIMEOUTS = { storeTimeoutMs: 1000, smsTimeoutMs: 1500 } as const;

export const APPS = {
  customer: {
    name: "Weelo",
    default: true,
    defaultCountry: "IN",
    countries: ["IN"],
    refreshRotation: "keep",
  },
  driver: { name: "Weelo Captain", defaultCountry: "IN", countries: ["IN"], refreshRotation: "rotate" },
} as const;

export type Role = keyof typeof APPS;

/** The Worker as it is deployed, and both upstreams, each behind a door and a proxy that can fail in every way. */
export interface Stage {
  /** Of the Worker. */
  readonly url: string;
  readonly backend: RedisBackend;
  readonly identity: Identity;
  readonly sent: Upstreams["sent"];
  readonly ambushes: { readonly store: Ambushes; readonly sns: Ambushes };
  readonly doors: { readonly store: Door; readonly sns: Door };
  /** What the doors can lead to, and what has reached it. */
  readonly bad: BadServers;
}

/** Starts all that a stage needs, and ends it afterwards, whatever comes of it. */
export async function onStage<Found>(
  { module, directory, isEmbedded }: Omit<ChaosOptions, "seed">,
  play: (stage: Stage) => Promise<Found>,
): Promise<Found> {
  const ends: (() => Promise<void>)[] = [];
  const ending = <Ended>(started: Ended, end: (it: Ended) => Promise<void>): Ended => {
    ends.unshift(() => end(started));
    return started;
  };
  try {
    const backend = isEmbedded
      ? embeddedBackend(createEngine())
      : realBackend(ending(await startRedisServer(), (redis) => redis.stop()).url);
    const authority = await openAuthority(directory);
    const upstreams = ending(await startUpstreams(backend, authority), (it) => it.close());
    const bad = ending(await startBadServers({ authority, directory }), (it) => it.close());
    const openAt = async (url: string) => openDoor(Number(new URL(url).port), bad.portOf);
    const doors = {
      store: ending(await openAt(upstreams.store.url), (it) => it.close()),
      sns: ending(await openAt(upstreams.sns.url), (it) => it.close()),
    };
    const bindings = {
      ...upstreams.bindings,
      UPSTASH_REDIS_REST_URL: doors.store.url,
      SNS_ENDPOINT: `${doors.sns.url}/{region}`,
      APPS,
      POLICY: TIMEOUTS,
    };
    const workerd = ending(await startWorkerd({ module, bindings, caPem: authority.caPem }), (it) =>
      it.stop(),
    );
    const plainUrl = `http://localhost:${bad.portOf({ server: "plain" })}/`;
    const ambushes = {
      store: createAmbushes(traceIdOf, plainUrl),
      sns: createAmbushes(phoneOf, plainUrl),
    };
    upstreams.store.plan(ambushes.store.faultOf);
    upstreams.sns.plan(ambushes.sns.faultOf);
    const secret = Buffer.from(upstreams.bindings["ID_SECRET"] ?? "", "base64url");
    const identity = await createIdentity(new Uint8Array(secret));
    return await play({ url: workerd.url, backend, identity, sent: upstreams.sent, ambushes, doors, bad });
  } finally {
    for (const end of ends) await end();
  }
}
