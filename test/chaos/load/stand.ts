import { edgeOtp } from "../../bench/contenders/edge-otp.ts";
import type { Client } from "../../rig/client.ts";
import { createClient } from "../../rig/client.ts";
import type { RedisServerProcess } from "../../rig/redis-server.ts";
import { startRedisServer } from "../../rig/redis-server.ts";
import type { ForkedUpstreams } from "../../rig/upstreams.ts";
import { forkUpstreams } from "../../rig/upstreams.ts";
import type { Workerd } from "../../rig/workerd.ts";
import { startWorkerd } from "../../rig/workerd.ts";
import type { ChaosOptions } from "../parts.ts";

/** The Worker as it is deployed, with a real Redis and SNS in processes of their own. */
export interface Stand {
  readonly redis: RedisServerProcess;
  readonly upstreams: ForkedUpstreams;
  readonly workerd: Workerd;
  readonly client: Client;
}

export interface StandOptions extends Pick<ChaosOptions, "module" | "directory"> {
  readonly policy: Readonly<Record<string, number | string>>;
  /** How long a refresh token lives, in seconds. */
  readonly refreshTokenSeconds: number;
  /** Whether Redis keeps on disk what it has answered. */
  readonly isDurable: boolean;
  readonly isInspected: boolean;
}

/** What one machine with all its callers would run into is out of the way. */
const POLICY = { sendsPerHourPerIp: 1e9, verifiesPerHourPerIp: 1e9, smsPerDay: 1e12 } as const;

/** Starts all that a stand needs, and ends it afterwards, whatever comes of it. */
export async function onStand<Found>(
  { module, directory, policy, refreshTokenSeconds, isDurable, isInspected }: StandOptions,
  use: (stand: Stand) => Promise<Found>,
): Promise<Found> {
  const ends: (() => Promise<void> | void)[] = [];
  try {
    const redis = await startRedisServer({ isDurable });
    ends.unshift(() => redis.stop());
    const upstreams = await forkUpstreams({
      directory,
      redis: { url: redis.url, isUnchecked: false },
      isCounted: false,
    });
    ends.unshift(() => upstreams.close());
    const { APPS, ...bindings } = edgeOtp.bindings(upstreams.bindings) as { APPS: { customer: object } };
    const apps = { customer: { ...APPS.customer, refreshTokenSeconds } };
    const workerd = await startWorkerd({
      module,
      bindings: { ...bindings, APPS: apps, POLICY: { ...POLICY, ...policy } },
      caPem: upstreams.caPem,
      isInspected,
    });
    ends.unshift(() => workerd.stop());
    const client = createClient(workerd.url);
    ends.unshift(() => client.close());
    return await use({ redis, upstreams, workerd, client });
  } finally {
    for (const end of ends) await end();
  }
}
