import { styleText } from "node:util";
import type { Finding, Status } from "./finding.ts";

const LOOKS = {
  ok: { word: "ok", style: "green" },
  warn: { word: "warn", style: "yellow" },
  fail: { word: "FAIL", style: "red" },
  skipped: { word: "skipped", style: "gray" },
} as const satisfies Record<
  Status,
  { readonly word: string; readonly style: Parameters<typeof styleText>[0] }
>;

const WIDTH = 8;
const INDENT = " ".repeat(WIDTH);

/** A finding for a person: one line, and what to do on the next. Colours where the terminal shows them. */
export function describeFinding({ id, status, message, fix }: Finding): string {
  const { word, style } = LOOKS[status];
  const first = `${paint(style, word.padEnd(WIDTH))}${message} ${paint("gray", `(${id})`)}`;
  return fix === null ? first : `${first}\n${INDENT}→ ${fix}`;
}

/** How many of each, worst first. */
export function summarize(findings: readonly Finding[]): string {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  const parts = [
    `${count("fail")} failed`,
    `${count("warn")} to look at`,
    `${count("skipped")} skipped`,
    `${count("ok")} ok`,
  ];
  return paint(count("fail") > 0 ? "red" : count("warn") > 0 ? "yellow" : "green", parts.join(", "));
}

/** By default styleText looks at the stream, and at NO_COLOR. */
const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
  styleText(style, text, { stream: process.stdout });
