import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { findFreePort } from "../../src/local/free-port.ts";
import { startPage } from "../../src/local/page/server.ts";
import { startStack, type Stack } from "../../src/local/stack.ts";
import { startFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import { APPS } from "./service.ts";
import { testAuthority } from "./upstreams.ts";

/** What `npm run dev` runs, with the bundle in workerd, and with a proxy in front of each upstream that can fail. */
export interface LocalStack {
  readonly pageUrl: string;
  readonly serviceUrl: string;
  readonly inbox: Stack["inbox"];
  readonly store: FaultProxy;
  readonly sns: FaultProxy;
  close(): Promise<void>;
}

/** What is slow on a busy machine is not lost. */
const PATIENT = { storeTimeoutMs: 30_000, smsTimeoutMs: 60_000 };

export async function startLocalStack(
  policy: Readonly<Record<string, unknown>> = {},
  apps: object = APPS,
  wantedPort = 0,
): Promise<LocalStack> {
  const stack = await startStack({ directory: process.env["EDGE_OTP_TEST_CA"] ?? "" });
  const authority = await testAuthority();
  const doors = { tls: await authority.issue(), ca: authority.caPem };
  const store = await startFaultProxy({ upstream: stack.redisUrl, ...doors });
  const sns = await startFaultProxy({ upstream: new URL(stack.snsUrl).origin, ...doors });
  const bindings = {
    ...stack.bindings,
    UPSTASH_REDIS_REST_URL: store.url,
    SNS_ENDPOINT: `${sns.url}/{region}`,
    SNS_REGIONS: "ap-south-1,ap-south-2",
    APPS: apps,
    POLICY: { ...PATIENT, ...policy },
  };
  const { inbox, numbers } = stack;
  const port = wantedPort === 0 ? 0 : await findFreePort(wantedPort);
  const miniflare = startWorker({ port, bindings, onLine: (line) => numbers.observe(line) });
  const serviceUrl = `http://localhost:${(await miniflare.ready).port}`;
  const page = await startPage({ inbox, numbers, serviceUrl, readApps: () => Promise.resolve(apps) });
  return {
    pageUrl: page.url,
    serviceUrl,
    inbox,
    store,
    sns,
    async close() {
      await miniflare.dispose();
      await Promise.all([page.close(), stack.close(), store.close(), sns.close()]);
    },
  };
}

function startWorker({
  port,
  bindings,
  onLine,
}: {
  readonly port: number;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly onLine: (line: string) => void;
}): Miniflare {
  const options = convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path: process.env["EDGE_OTP_TEST_BUNDLE"] ?? "" }],
    modulesRoot: "/",
    compatibilityDate: "2026-10-20",
    port,
    bindings: bindings as Record<string, string>,
    handleStructuredLogs: ({ message }) => onLine(message),
  });
  return new Miniflare(options);
}
