import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";

const script = join(import.meta.dirname, "../../src/local/keys.ts");

function runKeys(args: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    input,
    encoding: "utf8",
  });
  const lines = [...stdout.matchAll(/^([A-Z_]+)='(.*)'$/gm)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  return { status, stderr, stdout, lines };
}

const kids = async (text = ""): Promise<readonly string[]> => {
  const keys = await parseSigningKeys(text);
  return "wants" in keys ? [] : [...keys.verification.keys()];
};

describe("the keys command", () => {
  it("prints what a Worker takes for SIGNING_KEYS, OTP_SECRET and ID_SECRET", async () => {
    const { status, stdout, lines } = runKeys([]);
    expect([status, lines.map(([name]) => name)]).toEqual([0, ["SIGNING_KEYS", "OTP_SECRET", "ID_SECRET"]]);
    const bindings = Object.fromEntries(lines) as Record<string, string>;
    expect(await kids(bindings["SIGNING_KEYS"])).toHaveLength(1);
    const parsed = parseConfig(bindings);
    const wrong = parsed.ok ? [] : parsed.problems.map(({ binding }) => binding);
    expect(wrong).not.toEqual(expect.arrayContaining(["OTP_SECRET"]));
    expect(wrong).not.toEqual(expect.arrayContaining(["ID_SECRET"]));
    expect(stdout).toMatch(/Only for the very first deployment.*\nID_SECRET=/);
  });

  it("prints others each time", () => {
    const [once, again] = [runKeys([]).lines.flat(), runKeys([]).lines.flat()];
    expect(once.filter((text) => again.includes(text))).toEqual(["SIGNING_KEYS", "OTP_SECRET", "ID_SECRET"]);
  });

  it.each([
    ["JSON", (set: string) => set],
    ["a line of .dev.vars", (set: string) => `SIGNING_KEYS='${set}'\n`],
    [
      "a whole .dev.vars",
      (set: string) => `# SIGNING_KEYS\nISSUER="x"\nSIGNING_KEYS='${set}'\nOTP_SECRET='y'\n`,
    ],
  ])("takes the current keys as %s, and prints the three sets of a rotation", async (_name, write) => {
    const old = await createSigningKey();
    const { status, lines } = runKeys(["--rotate"], write(formatKeySet([old])));
    expect([status, lines.map(([name]) => name)]).toEqual([
      0,
      ["SIGNING_KEYS", "SIGNING_KEYS", "SIGNING_KEYS"],
    ]);
    const [published, signing, alone] = await Promise.all(lines.map(([, text]) => kids(text)));
    const [fresh = ""] = alone ?? [];
    expect([published, signing, alone]).toEqual([[old.kid, fresh], [fresh, old.kid], [fresh]]);
  });

  it("rotates nothing that is no set of keys, and quotes none of it", () => {
    const { status, stdout, stderr } = runKeys(["--rotate"], "hoax");
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr).toBe("stdin wants the current SIGNING_KEYS: a JWK set of ES256 private keys.\n");
  });
});
