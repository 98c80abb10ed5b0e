import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Tools } from "../../src/local/deploy/deploy.ts";
import type { Command } from "../../src/local/deploy/run-command.ts";

/** What the programs do that deploying starts. */
export interface Script {
  readonly check?: { readonly code: number };
  readonly doctor?: { readonly code: number };
  readonly list?: { readonly code?: number; readonly stdout?: string; readonly stderr?: string };
  readonly deploy?: { readonly code?: number; readonly output?: string };
  readonly rollback?: { readonly code: number };
  /** What `deployments list` says after a rollback, where that is something else. */
  readonly relist?: { readonly stdout: string };
}

export interface StandInTools extends Tools {
  /** What was said. */
  readonly said: string[];
  /** What was started, in its order, each with its arguments. */
  started(): Promise<readonly string[]>;
  /** Which of them saw which secret. */
  seen(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** One program that stands in for npm, the doctor and wrangler, as its first argument says. */
const STAND_IN = `
import { appendFileSync, readFileSync } from "node:fs";
const [directory, tool, ...args] = process.argv.slice(2);
const script = JSON.parse(readFileSync(directory + "/script.json", "utf8"));
const secrets = ["CLOUDFLARE_API_TOKEN", "OTP_SECRET"].filter((name) => name in process.env);
appendFileSync(directory + "/started", [tool, ...args].join(" ") + "\\n");
appendFileSync(directory + "/seen", secrets.map((name) => tool + " " + name + "\\n").join(""));
const isBack = readFileSync(directory + "/started", "utf8").includes("wrangler rollback");
const list = isBack && script.relist ? "relist" : "list";
const step = script[tool === "wrangler" ? (args[0] === "deployments" ? list : args[0]) : tool] ?? {};
if (step.stdout) process.stdout.write(step.stdout);
if (step.stderr) process.stderr.write(step.stderr);
if (step.output) appendFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, step.output);
process.exit(step.code ?? 0);
`;

export async function createTools(script: Script, wranglerToml: string): Promise<StandInTools> {
  const root = await mkdtemp(join(tmpdir(), "edge-otp-deploying-"));
  const program = join(root, "stand-in.mjs");
  await writeFile(program, STAND_IN);
  await writeFile(join(root, "script.json"), JSON.stringify(script));
  await writeFile(join(root, "wrangler.toml"), wranglerToml);
  const command = (tool: string): Command => [process.execPath, program, root, tool];
  const said: string[] = [];
  return {
    root,
    check: command("check"),
    doctor: command("doctor"),
    wrangler: command("wrangler"),
    environment: { ...process.env, CLOUDFLARE_API_TOKEN: "token", OTP_SECRET: "secret" },
    say: (line) => said.push(line),
    wait: () => Promise.resolve(),
    said,
    started: () => readLines(join(root, "started")),
    seen: () => readLines(join(root, "seen")),
    close: () => rm(root, { recursive: true }),
  };
}

async function readLines(path: string): Promise<readonly string[]> {
  const lines = await readFile(path, "utf8").catch(() => "");
  return lines.split("\n").filter(Boolean);
}
