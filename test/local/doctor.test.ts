import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/local/doctor/finding.ts";
import { statuses } from "../harness/patient.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const script = join(import.meta.dirname, "../../src/local/doctor/main.ts");

let upstreams: Upstreams;
let root: string;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
beforeEach(async () => {
  upstreams.store.reset();
  upstreams.sns.reset();
  root = await mkdtemp(join(tmpdir(), "edge-otp-doctor-"));
  await copyFile("wrangler.toml", join(root, "wrangler.toml"));
});
afterEach(() => rm(root, { recursive: true }));
afterAll(() => upstreams.close());

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function runDoctor(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const { AWS_ACCESS_KEY_ID: _a, AWS_SECRET_ACCESS_KEY: _s, FORCE_COLOR: _f, ...inherited } = process.env;
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, ...env },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code: code as number, stdout, stderr };
}

const findingsIn = ({ stdout }: Run): readonly Finding[] => JSON.parse(stdout) as readonly Finding[];

const writeVars = (name: string, vars: Readonly<Record<string, string>>): Promise<void> =>
  writeFile(
    join(root, name),
    Object.entries(vars)
      .map(([key, value]) => `${key}='${value}'\n`)
      .join(""),
  );

describe("npm run doctor", () => {
  it("reads wrangler.toml and .dev.vars, and ends with 0 where nothing fails", async () => {
    await writeVars(".dev.vars", upstreams.bindings);
    const { code, stdout, stderr } = await runDoctor([]);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^Looking at .*: \[vars\] of wrangler\.toml, \.dev\.vars\.\n/);
    expect(stdout).toContain("ok      The store takes the token and answers. (store.token)");
    expect(stdout).toMatch(/\n0 failed, \d+ to look at, \d+ skipped, \d+ ok\n$/);
    expect(stdout).not.toContain("\u001B");
    expect(code).toBe(0);
  });

  it("ends with 1 where anything fails", async () => {
    await writeVars(".dev.vars", { ...upstreams.bindings, UPSTASH_REDIS_REST_TOKEN: "another-token" });
    const { code, stdout } = await runDoctor([]);
    expect(stdout).toContain("FAIL    The store refuses the token. (store.token)\n        → ");
    expect(code).toBe(1);
  });

  it("ends with 1 where there is nothing to look at", async () => {
    const run = await runDoctor(["--env", "produktion", "--json"]);
    expect(run.code).toBe(1);
    expect(findingsIn(run)).toMatchObject([
      { id: "configuration", status: "fail", fix: "Use one of: staging, production." },
    ]);
  });

  it("prints the same as an array for programs", async () => {
    await writeVars(".dev.vars", upstreams.bindings);
    const run = await runDoctor(["--json"]);
    const findings = findingsIn(run);
    expect([run.code, run.stderr]).toEqual([0, ""]);
    for (const finding of findings) {
      expect(Object.keys(finding).toSorted()).toEqual(["fix", "id", "message", "status"]);
      expect(finding.fix === null).toBe(finding.status === "ok");
    }
    expect(statuses(findings)).toMatchObject({
      bindings: "ok",
      "store.claim": "ok",
      "sns.ap-south-1.tls": "ok",
    });
  });

  it.each([
    ["an unknown option", ["--hoax"], 1, /^There is an option/],
    ["a wrong number", ["--phone", "123"], 1, /^--phone wants/],
  ])("explains itself on %s", async (_name, args, code, words) => {
    const run = await runDoctor(args);
    expect([run.code, run.stdout]).toEqual([code, ""]);
    expect(run.stderr).toMatch(words);
    expect(run.stderr).toContain("--vars-file");
  });
});

describe("what the doctor prints", () => {
  const marked = {
    UPSTASH_REDIS_REST_TOKEN: "marked-token-of-the-store",
    ID_SECRET: "marked-id-secret",
    OTP_SECRET: "marked-otp-secret",
    OTP_SECRET_PREVIOUS: "marked-otp-secret-before",
    SIGNING_KEYS: "marked-signing-keys",
    AWS_ACCESS_KEY_ID: "marked-access-key",
    AWS_SECRET_ACCESS_KEY: "marked-secret-key",
    AWS_SESSION_TOKEN: "marked-session",
    DIRECTORY_SECRET: "marked-directory-secret",
    UPSTASH_REDIS_REST_URL: "https://marked-user:marked-password@example.com",
  };

  it.each<[string, Readonly<Record<string, string>>]>([
    ["of which nothing is sound", marked],
    [
      "of which the store and SNS refuse all",
      {
        UPSTASH_REDIS_REST_TOKEN: marked.UPSTASH_REDIS_REST_TOKEN,
        AWS_ACCESS_KEY_ID: marked.AWS_ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY: marked.AWS_SECRET_ACCESS_KEY,
        AWS_SESSION_TOKEN: marked.AWS_SESSION_TOKEN,
      },
    ],
  ])("holds nothing of secrets %s, nor a number", async (_name, bad) => {
    await writeVars(".dev.vars", { ...upstreams.bindings, ...bad });
    const echo = { status: 400, body: JSON.stringify({ error: `ERR ${JSON.stringify(bad)}` }) };
    upstreams.store.plan(() => echo);
    upstreams.sns.plan(({ headers, body }) => ({ status: 400, body: JSON.stringify(headers) + body }));
    for (const args of [
      ["--phone", "+919876543210"],
      ["--json", "--phone", "+919876543210"],
    ]) {
      const { code, stdout, stderr } = await runDoctor(args);
      expect(code).toBe(1);
      for (const secret of [
        ...Object.values(upstreams.bindings).filter((value) => /^[\w-]{43}$/.test(value)),
        "marked",
        "9876543210",
      ])
        expect(stdout + stderr).not.toContain(secret);
    }
  });
});
