import { rm } from "node:fs/promises";
import { join } from "node:path";
import { openCaBundle } from "./ca-bundle.ts";
import { devVarsPath, writeDevVars } from "./dev-vars.ts";
import { findFreePort } from "./free-port.ts";
import { readApps } from "./page/read-apps.ts";
import { startStack } from "./stack.ts";
import { welcome } from "./welcome.ts";
import { startWorker } from "./worker-process.ts";

const SERVICE_PORT = 8787;
const INBOX_PORT = 8790;

const root = join(import.meta.dirname, "../..");
const directory = join(root, ".local");

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Runs until a signal or the Worker's end, and leaves nothing behind; the number is the exit code. */
async function dev(interrupted: AbortSignal): Promise<number> {
  const { REDIS_URL: redisUrl, PORT, INBOX_PORT: inboxPort, NODE_EXTRA_CA_CERTS } = process.env;
  const { STORE_MS, SMS_MS } = process.env;
  const wanted = parsePort("PORT", PORT, SERVICE_PORT);
  const port = await findFreePort(wanted);
  if (wanted !== 0 && port !== wanted) say(`Port ${wanted} is in use; the service is at ${port} instead.`);
  const serviceUrl = `http://localhost:${port}`;
  const stack = await startStack({
    directory,
    serviceUrl,
    readApps: () => readApps(join(root, "wrangler.toml")),
    ports: { inbox: parsePort("INBOX_PORT", inboxPort, INBOX_PORT) },
    distances: { store: parseMs("STORE_MS", STORE_MS), sms: parseMs("SMS_MS", SMS_MS) },
    onNotice: say,
    ...(redisUrl ? { redisUrl } : {}),
  });
  // Of this run's own: wrangler reads it anew whenever wrangler.toml changes, and another run has other addresses.
  const varsPath = devVarsPath(directory, port);
  try {
    await writeDevVars(varsPath, stack.bindings);
    const caBundlePath = await openCaBundle(directory, stack.caPath, NODE_EXTRA_CA_CERTS);
    if (interrupted.aborted) return 0;
    say("Starting the Worker …");
    const onLine = (line: string): void => {
      stack.numbers.observe(line);
      say(line);
    };
    const worker = startWorker({ root, port, varsPath, caBundlePath, onLine });
    interrupted.addEventListener("abort", worker.stop);
    try {
      await worker.ready;
      const redis = redisUrl ? `${redactUrl(redisUrl)}, behind HTTPS` : "embedded, behind HTTPS";
      say(welcome({ serviceUrl, inboxUrl: stack.inboxUrl, redis }));
      await worker.exited;
      if (!interrupted.aborted) throw new Error("wrangler dev ended by itself.");
    } finally {
      worker.stop();
      await worker.exited;
    }
  } catch (error) {
    if (!interrupted.aborted) throw error;
  } finally {
    await rm(varsPath, { force: true });
    await stack.close();
  }
  return 0;
}

function parseMs(name: string, text = "0"): number {
  const ms = Number(text);
  if (!(ms >= 0 && ms <= 60_000)) throw new Error(`${name} must be milliseconds.`);
  return ms;
}

function parsePort(name: string, text: string | undefined, otherwise: number): number {
  if (!text) return otherwise;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must be a port number.`);
  return port;
}

function redactUrl(url: string): string {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => interruption.abort());
// npm passes a SIGTERM on to a shell, which dies of it and tells nobody.
if (process.env["npm_lifecycle_event"] !== undefined) await import("./end-with-parent.ts");
try {
  process.exitCode = await dev(interruption.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
