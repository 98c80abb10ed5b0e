import { join } from "node:path";
import { parseArgs } from "node:util";
import type { CountryCode } from "libphonenumber-js/max";
import type { Crowd } from "./load/person.ts";
import { createReport } from "./load/report.ts";
import { runCrowd } from "./load/run-crowd.ts";
import { isPageHost } from "./page/page-host.ts";
import { readApps } from "./page/read-apps.ts";
import { describeRoles } from "./page/roles.ts";

const USAGE = `npm run load -- [options]      while npm run dev runs in another terminal

  --rate 5          people who begin in a second
  --seconds 60      how long new people come
  --seed 1          the same seed brings the same people in the same order
  --pump            somebody tries to earn by SMS, too
  --url URL         the service, http://localhost:8787
  --inbox URL       the inbox, http://localhost:8790
`;

const { PORT = "8787", INBOX_PORT = "8790" } = process.env;
const root = join(import.meta.dirname, "../..");
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Wanted {
  readonly rate: number;
  readonly seconds: number;
  readonly seed: number;
  readonly isPumped: boolean;
  readonly target: { readonly serviceUrl: string; readonly inboxUrl: string };
}

const option = (otherwise: string) => ({ type: "string", default: otherwise }) as const;

function parseWanted(): Wanted | null {
  const { values } = parseArgs({
    options: {
      rate: option("5"),
      seconds: option("60"),
      seed: option("1"),
      pump: { type: "boolean", default: false },
      url: option(`http://localhost:${PORT}`),
      inbox: option(`http://localhost:${INBOX_PORT}`),
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return null;
  return {
    rate: atLeast(0.01, "rate", values.rate),
    seconds: atLeast(1, "seconds", values.seconds),
    seed: atLeast(0, "seed", values.seed),
    isPumped: values.pump,
    target: { serviceUrl: localUrl("url", values.url), inboxUrl: localUrl("inbox", values.inbox) },
  };
}

function atLeast(least: number, name: string, text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !(number >= least))
    throw new Error(`--${name} wants a number, ${least} at least.`);
  return number;
}

/** Elsewhere each send would cost money and ring a stranger's phone. */
function localUrl(name: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol === "http:" && isPageHost(url.host)) return url.origin;
  throw new Error(`--${name} wants http://localhost and a port: the crowd is for this machine only.`);
}

async function requireStack({ serviceUrl, inboxUrl }: Wanted["target"]): Promise<void> {
  for (const url of [`${serviceUrl}/health`, `${inboxUrl}/messages?phone=0`]) {
    const answers = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) continue;
    const { origin } = new URL(url);
    throw new Error(
      `Nothing answers at ${origin}. Start \`npm run dev\`, or name its ports: --url, --inbox.`,
    );
  }
}

/** The roles and countries of wrangler.toml; the default role has the most people. */
async function describeCrowd(): Promise<Crowd> {
  const roles = describeRoles(await readApps(join(root, "wrangler.toml")).catch(() => null));
  const [first, ...others] = roles.flatMap(({ role, countries }, index) => {
    const [home, ...abroad] = countries.map(({ code }) => code as CountryCode);
    return home === undefined
      ? []
      : [{ role, share: index === 0 ? 3 : 1, countries: [home, ...abroad] as const }];
  });
  if (first === undefined) throw new Error("wrangler.toml names no role.");
  return [first, ...others];
}

async function load(interrupted: AbortSignal): Promise<void> {
  const wanted = parseWanted();
  if (wanted === null) return say(USAGE);
  await requireStack(wanted.target);
  const { rate, seconds, target } = wanted;
  const crowd = await describeCrowd();
  say(`${rate} people a second for ${seconds} s, as ${crowd.map(({ role }) => role).join(", ")}.`);
  say(`Watch them at ${target.inboxUrl}/numbers; Ctrl-C ends it early.\n`);
  const report = createReport();
  const progress = setInterval(() => showProgress(`${report.requests} requests …`), 1000);
  await runCrowd({
    ...wanted,
    crowd,
    report,
    signal: interrupted,
    onLast: (stillHere) => showProgress(`Nobody new comes; ${stillHere} are still here.\n`),
  });
  clearInterval(progress);
  showProgress("");
  say(`${report.table()}\n\n${report.requests} requests, ${report.failures} failed.`);
  if (report.failures > 0) process.exitCode = 1;
}

function showProgress(text: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\u001B[K${text}`);
}

const interruption = new AbortController();
process.once("SIGINT", () => interruption.abort());
process.once("SIGTERM", () => interruption.abort());
try {
  await load(interruption.signal);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
