import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { readUsage, type Usage } from "./usage.ts";
import { formatWorkerdConfig, type WorkerdWorker } from "./workerd-config.ts";

export interface Workerd {
  readonly url: string;
  /** Of Chrome's DevTools protocol; null unless it was asked for. */
  readonly inspectorUrl: string | null;
  /** From spawn to the moment that it listens, in ms. */
  readonly startMs: number;
  /** CPU time and memory of the process so far. */
  usage(): Promise<Usage>;
  stop(): Promise<void>;
}

export interface WorkerdOptions extends WorkerdWorker {
  /** The path of its one module. */
  readonly module: string;
  readonly isInspected?: boolean;
  /** Gets each line that the Worker logs. */
  readonly onLine?: (line: string) => void;
}

/** A Worker in `workerd serve`: no miniflare, no wrangler, nothing else in the process. */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-workerd-"));
  const configPath = join(directory, "config.capnp");
  await writeFile(configPath, formatWorkerdConfig(options), { mode: 0o600 });
  await copyFile(options.module, join(directory, "worker.js"));
  const inspector = options.isInspected === true ? ["--inspector-addr=127.0.0.1:0"] : [];
  const startedAt = performance.now();
  const child = spawn(workerdPath(), ["serve", "--control-fd=3", ...inspector, configPath], {
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const killAtExit = () => {
    child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", killAtExit);
  const errors: string[] = [];
  passOn(child.stdout, options.onLine ?? (() => undefined));
  passOn(child.stderr, (line) => errors.push(line));
  const stop = async (): Promise<void> => {
    process.off("exit", killAtExit);
    child.kill("SIGKILL");
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [port, inspectorPort] = await portsOf(child, options.isInspected === true, ended);
    const startMs = performance.now() - startedAt;
    const inspectorUrl = inspectorPort === null ? null : `http://127.0.0.1:${inspectorPort}`;
    return {
      url: `http://127.0.0.1:${port}`,
      inspectorUrl,
      startMs,
      usage: () => readUsage(child.pid ?? 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw new Error(["workerd does not start:", ...errors].join("\n"), { cause: error });
  }
}

/** The binary that miniflare brings; the package's own bin is a script that starts it. */
function workerdPath(): string {
  const { default: path } = createRequire(import.meta.resolve("miniflare"))("workerd") as { default: string };
  return path;
}

/** workerd says on its control pipe where it listens. */
async function portsOf(
  child: ChildProcess,
  isInspected: boolean,
  ended: Promise<void>,
): Promise<[number, number | null]> {
  const control = child.stdio[3] as Readable;
  const ports: { http?: number; inspector?: number } = {};
  const heard = new Promise<[number, number | null]>((resolve) => {
    createInterface(control).on("line", (line) => {
      const { event, socket, port } = JSON.parse(line) as { event: string; socket?: string; port: number };
      if (event === "listen-inspector") ports.inspector = port;
      else if (socket === "http") ports.http = port;
      if (ports.http === undefined || (isInspected && ports.inspector === undefined)) return;
      resolve([ports.http, ports.inspector ?? null]);
    });
  });
  const failed = ended.then(() => Promise.reject(new Error("workerd ended")));
  return Promise.race([heard, failed]);
}

function passOn(stream: Readable | null, onLine: (line: string) => void): void {
  if (stream !== null) createInterface(stream).on("line", onLine);
}
