import type { App } from "../config/apps.ts";

/**
 * `<#> ` before and the app's hash on a line of its own for Android's SMS Retriever; last of all `@domain #code`, where
 * browsers look for it (WICG origin-bound one-time codes).
 */
export function withAutofill(
  sentence: string,
  { androidHash, webDomain }: Pick<App, "androidHash" | "webDomain">,
  code: string,
): string {
  const lines = androidHash === undefined ? [sentence] : [`<#> ${sentence}`, androidHash];
  if (webDomain !== undefined) lines.push(`@${webDomain} #${code}`);
  return lines.join("\n");
}
