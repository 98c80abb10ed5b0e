import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { findFreePort } from "../../src/local/free-port.ts";

export interface RedisServerProcess {
  /** `redis://` */
  readonly url: string;
  stop(): Promise<void>;
}

/** A real Redis of its own, which keeps nothing on disk. Rejects with a sentence where the machine has none. */
export async function startRedisServer(): Promise<RedisServerProcess> {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-redis-"));
  const port = await findFreePort(0);
  const settings = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const child = spawn("redis-server", [...settings, "--dir", directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.once("error", () =>
      reject(new Error("This needs redis-server on the PATH: install Redis 7 or later.")),
    );
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${String(code)}`)));
  });
  failed.catch(() => undefined);
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.includes("Ready to accept connections")) resolve();
    });
  });
  await Promise.race([ready, failed]);
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      process.off("exit", kill);
      kill();
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}
