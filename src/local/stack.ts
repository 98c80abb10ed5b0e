import { openAuthority } from "./authority.ts";
import { createInbox, type Inbox } from "./inbox/inbox.ts";
import { startInbox } from "./inbox/server.ts";
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
  /** Where the service will be, for the curl on the inbox page. */
  readonly serviceUrl?: string;
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
  close(): Promise<void>;
}

/** Nothing listens there: tokens name their issuer as in production, and the keys are at the service's own port. */
const ISSUER = "https://edge-otp.localhost";

interface Closable {
  close(): Promise<void>;
}

/**
 * Everything that the Worker talks to, on loopback: Redis over HTTPS, SNS over HTTPS, and an inbox for what SNS takes.
 * Rejects, with nothing left running, when a real Redis is asked for and does not answer.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { directory, redisUrl, ports = {}, serviceUrl, onNotice = () => undefined } = options;
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
    const credentials = { accessKeyId, secretAccessKey };
    const redis = await open("Redis", ports.redis, (port = 0) => startRedis({ backend, token, tls, port }));
    const sns = await open("SNS", ports.sns, (port = 0) =>
      startSns({ credentials, tls, port, onMessage: (sms) => inbox.add(sms) }),
    );
    const page = await open("the inbox", ports.inbox, (port = 0) =>
      startInbox({ inbox, port, ...(serviceUrl === undefined ? {} : { serviceUrl }) }),
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
    };
    const urls = { redisUrl: redis.url, snsUrl: sns.url, inboxUrl: page.url };
    return { bindings, caPath: authority.caPath, inbox, ...urls, close };
  } catch (error) {
    await close();
    throw error;
  }
}

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
