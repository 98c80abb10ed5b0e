import { spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Gathered } from "../../src/local/doctor/gather.ts";
import { gather } from "../../src/local/doctor/gather.ts";
import { parseOptions } from "../../src/local/doctor/options.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-otp-doctor-"));
  await copyFile("wrangler.toml", join(root, "wrangler.toml"));
});
afterEach(() => rm(root, { recursive: true }));

const write = (name: string, text: string): Promise<void> => writeFile(join(root, name), text);

async function gatherFor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const options = parseOptions(args);
  if ("problem" in options) throw new Error(options.problem);
  return gather(options, { root, environment });
}

async function patientFor(
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<Gathered["patient"] & { readonly sources: readonly string[] }> {
  const gathered = await gatherFor(args, environment);
  if ("problem" in gathered) throw new Error(gathered.problem);
  return { ...gathered.patient, sources: gathered.sources };
}

describe("what the doctor looks at", () => {
  it("is [vars] and .dev.vars, which has the last word, and nothing of the shell", async () => {
    await write(".dev.vars", "OTP_SECRET='o'\nSNS_REGIONS=eu-west-1\n# ID_SECRET=\"x\"\n");
    const { bindings, sources, url, trust } = await patientFor([], { ID_SECRET: "shell" });
    expect(bindings).toMatchObject({ OTP_SECRET: "o", SNS_REGIONS: "eu-west-1", APPS: { customer: {} } });
    expect(bindings).not.toHaveProperty("ID_SECRET");
    expect(sources).toEqual(["[vars] of wrangler.toml", ".dev.vars"]);
    expect([url, trust]).toEqual([null, null]);
  });

  it.each([
    ["is missing", null],
    ["is no TOML", 'token = "hoax'],
  ])("is told where wrangler.toml %s, without a word of it", async (_name, toml) => {
    await (toml === null ? rm(join(root, "wrangler.toml")) : write("wrangler.toml", toml));
    const gathered = await gatherFor([]);
    expect(gathered).toMatchObject({ problem: "wrangler cannot read wrangler.toml." });
    expect(JSON.stringify(gathered)).not.toContain("hoax");
  });
});

describe("what the doctor looks at with --env", () => {
  it("is that environment's own vars, and secrets of the shell", async () => {
    const shell = { OTP_SECRET: "shell", ISSUER: "", HOME: "/nowhere" };
    const { bindings, sources } = await patientFor(["--env", "production"], shell);
    expect(bindings).toMatchObject({ ENVIRONMENT: "production", OTP_SECRET: "shell" });
    expect(Object.keys(bindings)).not.toEqual(expect.arrayContaining(["ISSUER"]));
    expect(bindings).not.toHaveProperty("HOME");
    expect(sources).toEqual(["[env.production.vars] of wrangler.toml", "the shell (OTP_SECRET)"]);
  });

  it("is a named file before .dev.vars.<env>, before the shell, and never .dev.vars", async () => {
    await write("named.vars", "OTP_SECRET=named\n");
    await write(".dev.vars.production", "OTP_SECRET=usual\nID_SECRET=usual\n");
    await write(".dev.vars", "OTP_SECRET=dev\nID_SECRET=dev\nISSUER=dev\n");
    const shell = { OTP_SECRET: "shell", ID_SECRET: "shell", SIGNING_KEYS: "shell" };
    const { bindings } = await patientFor(["--env", "production", "--vars-file", "named.vars"], shell);
    expect(bindings).toMatchObject({ OTP_SECRET: "named", ID_SECRET: "usual", SIGNING_KEYS: "shell" });
    expect(bindings).not.toHaveProperty("ISSUER");
  });

  it("lets no file change a var that is deployed", async () => {
    await write(".dev.vars.production", "SNS_REGIONS=eu-west-1\n");
    expect((await patientFor(["--env", "production"])).bindings["SNS_REGIONS"]).toBe("ap-south-1,ap-south-2");
  });

  it("mixes no AWS key of a file with a session of the shell", async () => {
    await write(".dev.vars.production", "AWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=s\n");
    const { bindings } = await patientFor(["--env", "production"], {
      AWS_SESSION_TOKEN: "t",
      OTP_SECRET: "o",
    });
    expect(bindings).not.toHaveProperty("AWS_SESSION_TOKEN");
    expect(bindings).toHaveProperty("OTP_SECRET");
  });

  it("is nothing where there is no such environment, or no such file", async () => {
    expect(await gatherFor(["--env", "produktion"])).toMatchObject({
      problem: "wrangler.toml has no such environment.",
      fix: "Use one of: staging, production.",
    });
    expect(await gatherFor(["--env", "production", "--vars-file", "none.vars"])).toMatchObject({
      problem: "The --vars-file cannot be read.",
    });
  });
});

describe("what the doctor looks at locally", () => {
  async function startFakeDev(port: number, line: string): Promise<string> {
    const path = join(root, `.local/dev-${port}-${process.pid}.vars`);
    await mkdir(join(root, ".local"), { recursive: true });
    await writeFile(join(root, ".local/ca.pem"), "the local authority");
    await writeFile(path, line);
    return path;
  }

  it.each([
    ["asked for", ["--local"]],
    ["all there is", []],
  ])("is the running stack and its authority, where that is %s", async (_name, args) => {
    await startFakeDev(8787, "OTP_SECRET='o'\n");
    expect(await patientFor(args)).toMatchObject({
      isLocal: true,
      bindings: { OTP_SECRET: "o" },
      trust: "the local authority",
      url: "http://localhost:8787",
      sources: ["[vars] of wrangler.toml", `.local/dev-8787-${process.pid}.vars`],
    });
  });

  it("is the newest of several", async () => {
    await utimes(await startFakeDev(1, "OTP_SECRET=old\n"), 1, 1);
    await startFakeDev(2, "OTP_SECRET=new\n");
    expect((await patientFor(["--local"])).bindings).toHaveProperty("OTP_SECRET", "new");
  });

  it("is not that where there is a .dev.vars or another environment, and trusts no local authority there", async () => {
    await startFakeDev(1, "OTP_SECRET=local\n");
    expect(await patientFor(["--env", "staging"])).toMatchObject({ isLocal: false, trust: null });
    await write(".dev.vars", "OTP_SECRET=own\n");
    expect(await patientFor([])).toMatchObject({
      isLocal: false,
      trust: null,
      bindings: { OTP_SECRET: "own" },
    });
  });

  it("is nothing where nothing runs, also where a killed run has left its bindings", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    await rename(await startFakeDev(8787, "OTP_SECRET=o\n"), join(root, `.local/dev-8787-${pid}.vars`));
    expect(await gatherFor(["--local"])).toMatchObject({ problem: "`npm run dev` is not running." });
  });

  it("leaves wrangler.toml as it is", async () => {
    await patientFor([]);
    expect(await readFile(join(root, "wrangler.toml"), "utf8")).toBe(await readFile("wrangler.toml", "utf8"));
  });
});
