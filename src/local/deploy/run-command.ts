import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

/** A program and its first arguments. */
export type Command = readonly [string, ...string[]];

export interface RunOptions {
  readonly cwd: string;
  /** The whole of its environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs it with this terminal; the exit code, 1 where it cannot be started or was killed. */
export async function runVisibly(
  [program, ...first]: Command,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Promise<number> {
  const child = spawn(program, [...first, ...args], {
    cwd,
    env,
    stdio: "inherit",
    shell: needsShell(program),
  });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** Runs it and keeps what it prints. */
export async function runQuietly(
  [program, ...first]: Command,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(program, [...first, ...args], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: needsShell(program),
  });
  const code = new Promise<number>((resolve) => {
    child.once("error", () => resolve(1));
    child.once("close", (status) => resolve(status ?? 1));
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

/** On Windows npm is a script that only a shell can start. */
const needsShell = (program: string): boolean => process.platform === "win32" && program === "npm";
