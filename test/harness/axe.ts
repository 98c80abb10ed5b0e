import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

/** For `initScript` of a page that is audited. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Of the rules that axe runs unless it is told otherwise, those about colours: in the dark, all else is as it was. */
const OF_COLOURS = { runOnly: ["cat.color"], rules: { "color-contrast-enhanced": { enabled: false } } };

/** What an accessibility audit minds, in light and in dark: each with its rule and its elements. */
export async function audit(page: Page): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = [];
  for (const [colorScheme, options] of [
    ["light", {}],
    ["dark", OF_COLOURS],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    const asked = JSON.stringify({ resultTypes: ["violations"], ...options });
    const { violations } = (await page.evaluate(`axe.run(${asked})`)) as AxeResults;
    for (const { id, nodes } of violations) found.push([colorScheme, id, ...nodes.map(({ html }) => html)]);
  }
  return found;
}
