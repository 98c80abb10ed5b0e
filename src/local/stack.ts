import { openAuthority } from "./authority.ts";
import { createTravel } from "./distance.ts";
import { createNumbers, type Numbers } from "./numbers/numbers.ts";
import { createInbox, type Inbox } from "./page/inbox.ts";
import { startPage } from "./page/server.ts";
import { isPortTaken } from "./loopback.ts";
import { embeddedBackend, realBackend, type RedisBackend } from "./redis/backend.ts";
import { createEngine } from "./redis/engine.ts";
import { startRedis } from "./redis/server.ts";
import { openSecrets } from "./secrets.ts";
import { startSns } from "./sns/server.ts";

export interface StackOptions {
  /** Where the authority and the secrets live from one start to the next. */
  readonly directory: string;
  /** A real Redis (`redis://` or `rediss://`) behind the same HTTPS front, in place of the embedded one. */
  readonly redisUrl?: string;
  /** Ports to try first; what is not named, or is taken, gets any free one. */
  readonly ports?: { readonly redis?: number; readonly sns?: number; readonly inbox?: number };
  /** Where the service will be, for the sign-in page. */
  readonly serviceUrl?: string;
  /** `APPS` of the service, for the roles and countries of the sign-in page. */
  readonly readApps?: () => Promise<unknown>;
  /** How far away the upstreams are, there and back, in ms; without it they are next door. */
  readonly distances?: { readonly store?: number; readonly sms?: number };
  readonly onNotice?: (line: string) => void;
}

export interface Stack {
  /** The Worker's bindings that point at this stack. */
  readonly bindings: Readonly<Record<string, string>>;
  readonly caPath: string;
  readonly redisUrl: string;
  readonly snsUrl: string;
  readonly inboxUrl: string;
  readonly inbox: Inbox;
  /** Takes the Worker's log lines, for the page of numbers. */
  readonly numbers: Numbers;
  close(): Promise<void>;
}

/** Nothing listens there: tokens name their issuer as in production, and the keys are at the service's own port. */
const ISSUER = "https://edge-otp.localhost";

interface Closable {
  close(): Promise<void>;
}

/**
 * Everything that the Worker talks to, on loopback: Redis over HTTPS, SNS over HTTPS, and an inbox for what SNS takes,
 * on one page with a phone to sign in on.
 * Rejects, with nothing left running, when a real Redis is asked for and does not answer.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, redisUrl, ports = {}, distances = {}, serviceUrl, readApps } = options;
  const { onNotice = () => undefined } = options;
  const opened: Closable[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((part) => part.close()));
  };
  const open = async <Part extends Closable & { readonly port: number }>(
    name: string,
    wanted: number | undefined,
    start: (port?: number) => Promise<Part>,
  ): Promise<Part> => {
    const part = await startOnFreePort(start, wanted);
    opened.push(part);
    if (wanted !== undefined && wanted !== 0 && part.port !== wanted) {
      onNotice(`Port ${wanted} is in use; ${name} is at ${part.port} instead.`);
    }
    return part;
  };

  try {
    const [authority, secrets] = await Promise.all([openAuthority(directory), openSecrets(directory)]);
    const tls = await authority.issue();
    const backend = redisUrl === undefined ? embeddedBackend(createEngine()) : openRealRedis(redisUrl);
    opened.push(backend);
    await requireAnswer(backend, redisUrl);
    const { redisToken: token, accessKeyId, secretAccessKey } = secrets;
    const inbox = createInbox();
    const numbers = createNumbers();
    const credentials = { accessKeyId, secretAccessKey };
    const redis = await open("Redis", ports.redis, (port = 0) =>
      startRedis({ backend, token, tls, port, travel: travelOf(distances.store) }),
    );
    const sns = await open("SNS", ports.sns, (port = 0) =>
      startSns({
        credentials,
        tls,
        port,
        travel: travelOf(distances.sms),
        onMessage: (sms) => inbox.add(sms),
      }),
    );
    const page = await open("the inbox", ports.inbox, (port = 0) =>
      startPage({
        inbox,
        numbers,
        port,
        ...(serviceUrl === undefined ? {} : { serviceUrl }),
        ...(readApps === undefined ? {} : { readApps }),
      }),
    );
    const bindings = {
      UPSTASH_REDIS_REST_URL: redis.url,
      UPSTASH_REDIS_REST_TOKEN: token,
      ID_SECRET: secrets.idSecret,
      OTP_SECRET: secrets.otpSecret,
      SIGNING_KEYS: secrets.signingKeys,
      ISSUER,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      SNS_ENDPOINT: sns.url,
      ENVIRONMENT: "development",
    };
    const urls = { redisUrl: redis.url, snsUrl: sns.url, inboxUrl: page.url };
    return { bindings, caPath: authority.caPath, inbox, numbers, ...urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const travelOf = (ms = 0) => (ms > 0 ? createTravel(ms) : undefined);

function openRealRedis(url: string): RedisBackend {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
    throw new Error("REDIS_URL must be redis://host:port or rediss://host:port.");
  }
  return realBackend(url);
}

async function requireAnswer(backend: RedisBackend, url = "redis://embedded"): Promise<void> {
  const { host } = new URL(url);
  const reply = await backend.single(["PING"]).catch(() => null);
  if (reply === null) throw new Error(`The Redis at ${host} (REDIS_URL) cannot be reached.`);
  if ("error" in reply) throw new Error(`The Redis at ${host} (REDIS_URL) refuses: ${reply.error}`);
}

async function startOnFreePort<Part>(
  start: (port?: number) => Promise<Part>,
  wanted: number | undefined,
): Promise<Part> {
  if (wanted === undefined) return start();
  try {
    return await start(wanted);
  } catch (error) {
    if (isPortTaken(error)) return start();
    throw error;
  }
}
