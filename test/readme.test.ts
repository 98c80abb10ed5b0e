import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { bindingsSchema } from "../src/config.ts";
import { appFields } from "../src/config/apps.ts";
import { policySchema } from "../src/config/policy.ts";
import { ERRORS } from "../src/errors.ts";
import { operations } from "../src/openapi/operations.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const readme = read("README.md");
const configuration = read("src/config/README.md");

/** The cells of the rows of the table under this head. */
function rowsOf(page: string, head: string): readonly (readonly string[])[] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${head} `));
  const rows = lines.slice(start + 2);
  const end = rows.findIndex((line) => !line.startsWith("|"));
  return rows.slice(0, end).map((line) => line.split("|").map((cell) => cell.trim()).slice(1, -1)); // prettier-ignore
}

const namesIn = (cell = "") => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);
/** The first cells' names, without what stands behind a name. */
const firstNames = (page: string, head: string) =>
  rowsOf(page, head).flatMap(([first]) => namesIn(first).filter((name) => !name.startsWith("{")));

describe("the README", () => {
  it("has every route, and no other", () => {
    const served = Object.keys(operations).map((route) => route.replaceAll(/:(\w+)/g, "{$1}"));
    // A part of the page at /docs.
    const told = served.filter((route) => route !== "GET /docs/{file}");
    expect(firstNames(readme, "route").toSorted()).toEqual(told.toSorted());
  });

  it("has every error code with its status, and no other", () => {
    const told = rowsOf(readme, "code").flatMap(([codes, status]) =>
      namesIn(codes).map((code) => [code, Number(status)]),
    );
    const answered = Object.entries(ERRORS).map(([code, { status }]) => [code, status]);
    expect(told.toSorted()).toEqual(answered.toSorted());
  });

  it("has every binding", () => {
    const known = [...Object.keys(bindingsSchema.shape), "SIGNING_KEYS"];
    const told = new Set(rowsOf(readme, "binding").flatMap((cells) => cells.flatMap(namesIn)));
    expect(known.filter((name) => !told.has(name))).toEqual([]);
    expect(firstNames(readme, "binding").filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe("the page about configuration", () => {
  it("has every field of APPS, and no other", () => {
    const told = firstNames(configuration, "`APPS.<role>`").map((name) => name.replace(/\..*/, ""));
    expect(told.toSorted()).toEqual(Object.keys(appFields.shape).toSorted());
  });

  it("has every field of POLICY with its default, and no other", () => {
    const told = rowsOf(configuration, "`POLICY`").flatMap(([names, defaults = ""]) => {
      const values = defaults.replaceAll("`", "").split(", ");
      return namesIn(names).map((name, index) => [name, values[index]]);
    });
    const defaults = new Map(Object.entries(policySchema.parse({})));
    const policy = Object.keys(policySchema.shape).map((name) => {
      const value = defaults.get(name);
      // One of which nothing is told is what another is.
      if (value === undefined) return [name, "as sendsPerDay"];
      return [name, typeof value === "object" ? "{}" : String(value)];
    });
    expect(told.toSorted()).toEqual(policy.toSorted());
  });
});

const pages = globSync(["*.md", ".github/*.md", "src/**/*.md"], { cwd: root });

/** As GitHub names a heading. */
const anchorOf = (heading: string) =>
  heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-"); // prettier-ignore

const anchorsIn = (page: string) => [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) => anchorOf(text));

describe.each(pages)("the page %s", (path) => {
  const page = read(path);

  it("leads nowhere but to what is there", () => {
    const links = [...page.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, target = "", anchor]) => {
      const file = target === "" ? path : join(dirname(path), target);
      if (!existsSync(resolve(root, file))) return true;
      return anchor !== undefined && !anchorsIn(read(file)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it("names no command that is not there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { readonly scripts: Record<string, string> };
    const named = [...page.matchAll(/npm (?:-s )?run (?:-s )?([a-z][\w:-]*)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
