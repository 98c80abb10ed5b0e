import { describe, expect, it } from "vitest";
import type { Check } from "../../src/local/doctor/examine.ts";
import { examine } from "../../src/local/doctor/examine.ts";
import { about, type Finding } from "../../src/local/doctor/finding.ts";
import { parseOptions } from "../../src/local/doctor/options.ts";
import { describeFinding, summarize } from "../../src/local/doctor/report.ts";

const check = (id: string, run: Check["run"], needs?: readonly string[]): Check => ({
  id,
  run,
  ...(needs && { needs }),
});

async function all(
  checks: readonly Check[],
  limitMs?: number,
): Promise<readonly (readonly [string, string])[]> {
  const findings: Finding[] = [];
  for await (const finding of examine(checks, limitMs)) findings.push(finding);
  return findings.map(({ id, status }) => [id, status]);
}

describe("an examination", () => {
  it("runs one check after another, in their order", async () => {
    const order: string[] = [];
    const slow = check("a", async (says) => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push("a");
      return says.ok("");
    });
    const quick = check("b", (says) => {
      order.push("b");
      return says.ok("");
    });
    expect(await all([slow, quick])).toEqual([
      ["a", "ok"],
      ["b", "ok"],
    ]);
    expect(order).toEqual(["a", "b"]);
  });

  it("does not try what an earlier failure leaves without a ground, and what hangs on that", async () => {
    expect(
      await all([
        check("a", (says) => says.fail("", "")),
        check("b", (says) => says.ok(""), ["a"]),
        check("c", (says) => says.ok(""), ["b"]),
        check("d", (says) => says.ok("")),
      ]),
    ).toEqual([
      ["a", "fail"],
      ["b", "skipped"],
      ["c", "skipped"],
      ["d", "ok"],
    ]);
  });

  it("goes on after a warning, and after what a check says of something else", async () => {
    expect(
      await all([
        check("a", (says) => [says.warn("", ""), about("a.else").fail("", "")]),
        check("b", (says) => says.ok(""), ["a"]),
      ]),
    ).toEqual([
      ["a", "warn"],
      ["a.else", "fail"],
      ["b", "ok"],
    ]);
  });

  it("ends a check that has no end, and survives one that breaks, without its words", async () => {
    const never = check("a", () => new Promise<Finding>(() => undefined));
    const broken = check("b", () => Promise.reject(new TypeError("hoax")));
    expect(await all([never, broken, check("c", (says) => says.ok(""))], 10)).toEqual([
      ["a", "fail"],
      ["b", "fail"],
      ["c", "ok"],
    ]);
    for await (const finding of examine([broken])) {
      expect(finding.message).toContain("TypeError");
      expect(finding.message).not.toContain("hoax");
    }
  });
});

describe("the doctor's report", () => {
  const says = about("store.tls");

  it("is a line for each finding, and what to do on the next, without colours where nobody sees them", () => {
    expect(describeFinding(says.ok("All is well."))).toBe("ok      All is well. (store.tls)");
    expect(describeFinding(says.fail("It broke.", "Mend it."))).toBe(
      "FAIL    It broke. (store.tls)\n        → Mend it.",
    );
  });

  it("ends with how many of each there are", () => {
    const findings = [says.ok(""), says.ok(""), says.warn("", ""), says.skipped("", ""), says.fail("", "")];
    expect(summarize(findings)).toBe("1 failed, 1 to look at, 1 skipped, 2 ok");
  });
});

describe("the doctor's options", () => {
  it("are read", () => {
    const args = "--env production --vars-file f --url https://a.example/ --phone +919876543210 --json".split(
      " ",
    );
    expect(parseOptions(args)).toEqual({
      environment: "production",
      isLocal: false,
      varsFile: "f",
      url: "https://a.example",
      phone: "+919876543210",
      asJson: true,
    });
    expect(parseOptions(["--url", "http://localhost:8787"])).toHaveProperty("url", "http://localhost:8787");
  });

  it.each([
    [["--hoax"]],
    [["hoax"]],
    [["--phone", "9876543210"]],
    [["--url", "ftp://a.example"]],
    [["--url", "http://a.example"]],
    [["--url", "https://a.example/?hoax"]],
    [["--url"]],
    [["--local", "--env", "production"]],
    [["--local", "--vars-file", "f"]],
  ])("are refused: %j", (args) => {
    const parsed = parseOptions(args);
    expect(parsed).toHaveProperty("problem");
    expect(JSON.stringify(parsed)).not.toContain("hoax");
  });
});
