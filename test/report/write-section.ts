import { readFile, writeFile } from "node:fs/promises";
import { format, resolveConfig } from "prettier";

export async function hasSection(path: string, name: string): Promise<boolean> {
  return (await readFile(path, "utf8")).includes(`<!-- ${name} -->`);
}

/**
 * Writes Markdown between `<!-- NAME -->` and `<!-- /NAME -->` of a page, laid out as all pages are. Rejects where the
 * page has no such place.
 */
export async function writeSection(path: string, name: string, markdown: string): Promise<void> {
  const page = await readFile(path, "utf8");
  const [before, rest] = page.split(`<!-- ${name} -->`);
  const after = rest?.split(`<!-- /${name} -->`)[1];
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for ${name}`);
  const filled = `${before}<!-- ${name} -->\n\n${markdown}\n<!-- /${name} -->${after}`;
  await writeFile(path, await format(filled, { ...(await resolveConfig(path)), parser: "markdown" }));
}
