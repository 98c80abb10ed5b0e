import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findFreePort } from "../../src/local/free-port.ts";

export interface RedisServerProcess {
  /** `redis://` */
  readonly url: string;
  /** Ends it at once, in the middle of whatever it does. */
  kill(): Promise<void>;
  /** Starts it again on the same port: with what it had written to disk, or with nothing. */
  restart(data: "kept" | "lost"): Promise<void>;
  /** Takes its time away: connections stay open and nobody answers. */
  hang(): void;
  resume(): void;
  stop(): Promise<void>;
}

/**
 * A real Redis of its own. It keeps nothing on disk, or all that it has answered. Rejects with a sentence where the
 * machine has none.
 */
export async function startRedisServer({ isDurable = false } = {}): Promise<RedisServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-redis-"));
  const port = await findFreePort(0);
  const appends = isDurable ? ["yes", "--appendfsync", "always"] : ["no"];
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", ...appends];
  const launch = () => launchRedis([...settings, "--dir", directory]);
  let running = launch();
  const killAtExit = () => {
    running.child.kill("SIGKILL");
    rmSync(directory, { recursive: true, force: true });
  };
  process.once("exit", killAtExit);
  const kill = (): Promise<void> => {
    running.child.kill("SIGKILL");
    return running.ended;
  };
  await running.ready;
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    async restart(data) {
      if (data === "lost") await rm(join(directory, "appendonlydir"), { recursive: true, force: true });
      running = launch();
      await running.ready;
    },
    hang: () => void running.child.kill("SIGSTOP"),
    resume: () => void running.child.kill("SIGCONT"),
    async stop() {
      process.off("exit", killAtExit);
      await kill();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
}

function launchRedis(args: readonly string[]): Launched {
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = new Promise<void>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve();
    });
    child.once("error", () =>
      reject(new Error("This needs redis-server on the PATH: install Redis 7 or later.")),
    );
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${String(code)}`)));
  });
  ready.catch(() => undefined);
  return { child, ready, ended };
}
