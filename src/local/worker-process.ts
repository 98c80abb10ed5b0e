import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

export interface WorkerOptions {
  /** Where wrangler.toml is. */
  readonly root: string;
  readonly port: number;
  readonly varsPath: string;
  readonly caBundlePath: string;
  /** Gets each line that the Worker or wrangler prints once the Worker has answered. */
  readonly onLine: (line: string) => void;
}

export interface WorkerProcess {
  /** Resolves when `GET /health` has answered 200; rejects, with all output so far, when it will not. */
  readonly ready: Promise<void>;
  /** Resolves when wrangler and every process that it started are gone. */
  readonly exited: Promise<void>;
  readonly stop: () => void;
}

const END_WITH_PARENT = import.meta.resolve("./end-with-parent.ts");
const STARTUP_LIMIT_MS = 60_000;
const UNHEALTHY_LIMIT_MS = 1000;
const POLL_MS = 100;
const STOP_LIMIT_MS = 4000;

/** Wrangler's own line for a request; the Worker logs each by itself. */
const REQUEST_LINE = /^\[wrangler:info\] [A-Z]+ \//;

/** `wrangler dev` as a child in a process group of its own, so that one Ctrl-C reaches this process only. */
export function startWorker(options: WorkerOptions): WorkerProcess {
  const child = spawnWrangler(options);
  const startup: string[] = [];
  const warnings: string[] = [];
  let print = (line: string, isWarning: boolean): void => {
    startup.push(line);
    if (isWarning) warnings.push(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface(stream).on("line", (line) => {
      print(stripVTControlCharacters(line), stream === child.stderr);
    });
  }
  const exited = new Promise<void>((resolve) => {
    child.once("close", () => {
      signalGroup(child, "SIGKILL");
      resolve();
    });
  });
  const start = async (): Promise<void> => {
    try {
      await waitUntilHealthy(child, options.port);
    } catch (error) {
      if (hasEnded(child)) await exited;
      const reason = error instanceof Error ? error.message : String(error);
      const output = startup.filter((line) => !REQUEST_LINE.test(line));
      throw new Error([reason, ...output].join("\n"), { cause: error });
    }
    print = (line) => passOn(line, options.onLine);
    for (const line of warnings) passOn(line, options.onLine);
  };
  const stop = (): void => {
    print = () => undefined;
    signalGroup(child, "SIGTERM");
    globalThis.setTimeout(() => signalGroup(child, "SIGKILL"), STOP_LIMIT_MS).unref();
  };
  return { ready: start(), exited, stop };
}

function spawnWrangler({ root, port, varsPath, caBundlePath }: WorkerOptions): ChildProcess {
  const options = [
    "--ip",
    "127.0.0.1",
    "--port",
    String(port),
    "--inspector-port",
    "0",
    // The top level, whatever CLOUDFLARE_ENV says: an environment would leave the stand-ins' addresses out.
    "--env=",
    "--env-file",
    varsPath,
  ];
  const cli = fileURLToPath(import.meta.resolve("wrangler"));
  return spawn(
    process.execPath,
    [
      "--no-warnings",
      "--import",
      END_WITH_PARENT,
      cli,
      "dev",
      ...options,
      "--local",
      "--show-interactive-dev-session=false",
    ],
    {
      cwd: root,
      detached: process.platform !== "win32",
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: caBundlePath,
        // Wrangler's own state and logs stay here, wherever HOME is and whether it can be written or not.
        XDG_CONFIG_HOME: join(root, ".local"),
        WRANGLER_SEND_METRICS: "false",
        WRANGLER_HIDE_BANNER: "true",
        CLOUDFLARE_CF_FETCH_ENABLED: "false",
        CLOUDFLARE_INCLUDE_PROCESS_ENV: "false",
      },
    },
  );
}

async function waitUntilHealthy(child: ChildProcess, port: number): Promise<void> {
  const startedAt = Date.now();
  let answeredAt: number | null = null;
  for (;;) {
    if (hasEnded(child)) throw new Error("wrangler dev ended:");
    const status = await askHealth(port);
    if (status === 200) return;
    if (status !== null) answeredAt ??= Date.now();
    if (answeredAt !== null && Date.now() - answeredAt > UNHEALTHY_LIMIT_MS) {
      throw new Error(`The Worker answers GET /health with ${status ?? "nothing"}:`);
    }
    if (Date.now() - startedAt > STARTUP_LIMIT_MS) throw new Error("The Worker does not answer:");
    await setTimeout(answeredAt === null ? POLL_MS : UNHEALTHY_LIMIT_MS);
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function askHealth(port: number): Promise<number | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}

/** Without wrangler's request lines, and without its frame round what the Worker logs as an error. */
function passOn(line: string, onLine: (line: string) => void): void {
  const text = line.replace(/^✘ \[ERROR\] (?=\{)/, "");
  if (text !== "" && !REQUEST_LINE.test(text)) onLine(text);
}

function signalGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}
