import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const security = read(".github/SECURITY.md");
const contributing = read(".github/CONTRIBUTING.md");

/** A row of the promises: what is promised, the file that keeps it, and tests as `file`: `describe > it`. */
const promises = security
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, , keeper = ""]) => keeper.startsWith("`src/"))
  .map(([, promise = "", keeper = "", tests = ""]) => ({ promise, keeper, tests }));

const named = promises.flatMap(({ promise, tests }) =>
  tests.split("<br>").map((test) => {
    const [, file = "", suite = "", title = ""] = /^`(test\/[^`]+)`: `(.+?) > (.+)`$/.exec(test) ?? [];
    return { promise, file, suite, title };
  }),
);

/** The source of one `describe` at the top of a file, whichever way it is given its cases. */
function sourceOf(file: string, suite: string): string {
  const blocks = read(file).split(/^(?=describe\b)/m);
  return blocks.filter((block) => hasTitle(block, "describe", suite)).join("");
}

/** As a call's first argument, or as the title of one of two calls; what is skipped or commented out is no call. */
function hasTitle(source: string, call: "describe" | "it", title: string): boolean {
  const quoted = JSON.stringify(title).replaceAll(/[$()*+.?[\]^{|}]|\\/g, "\\$&");
  const plain = `^ *${call}\\(\\s*${quoted}`;
  const cases = `^ *${call}\\.each\\b(?:(?!^ *(?:it|describe)\\b)[^])*?\\)\\(\\s*${quoted}`;
  const chosen = `^ *${call}\\(\\s*\\w+\\s*\\?[^;{}]*?${quoted}`;
  return new RegExp(`${plain}|${cases}|${chosen}`, "m").test(source);
}

describe("the promises of SECURITY.md", () => {
  it("are there, each with tests", () => {
    expect(promises.length).toBeGreaterThan(30);
    expect(named.filter(({ file }) => file === "")).toEqual([]);
  });

  it.each(named)("have this test: $file, $suite > $title", ({ file, suite, title }) => {
    expect(hasTitle(sourceOf(file, suite), "it", title)).toBe(true);
  });

  it("would notice a test that is renamed, skipped or commented out", () => {
    expect(hasTitle('  it("is kept", () => {', "it", "is kept")).toBe(true);
    for (const line of ['it("is kept well", f)', 'it.skip("is kept", f)', '// it("is kept", f)'])
      expect(hasTitle(`  ${line}`, "it", "is kept")).toBe(false);
  });
});

describe.each([
  ["SECURITY.md", security],
  ["CONTRIBUTING.md", contributing],
])("%s", (_, text) => {
  it("names only files that are there", () => {
    const paths = [...text.matchAll(/`((?:src|test|\.ci|\.github)\/[\w./-]*)`/g)].map(
      ([, path = ""]) => path,
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

describe("CONTRIBUTING.md", () => {
  it("is read in a few minutes: at most 60 lines", () => {
    expect(contributing.trimEnd().split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe.each(readdirSync(join(root, ".github/workflows")))("the workflow %s", (name) => {
  const workflow = read(`.github/workflows/${name}`);

  it("runs no action but by its commit", () => {
    const uses = [...workflow.matchAll(/^ *-? *uses: *(.*)$/gm)].map(([, action = ""]) => action);
    expect(uses.length).toBeGreaterThan(0);
    expect(uses.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/.test(action))).toEqual([]);
  });

  it("may read the repository, and nothing else", () => {
    expect([...workflow.matchAll(/^ *permissions:.*\n(?: +.*\n)*/gm)].map(([block]) => block)).toEqual([
      "permissions:\n  contents: read\n",
    ]);
  });

  it("writes no input of anybody's into a script", () => {
    const scripts = [...workflow.matchAll(/^( *)(?:- )?run: [^]*?(?=^ {0,6}- |^\S|(?![^]))/gm)];
    expect(scripts.length).toBeGreaterThan(0);
    expect(scripts.filter(([script]) => script.includes("${{"))).toEqual([]);
  });
});
