import { createTrace, type Trace } from "../../log.ts";
import { BLOBS, DOUBLES, toDataPoint } from "../../metrics.ts";

/** One request in the columns of the Analytics Engine. `at` in ms since 1970. */
export type Point = { readonly at: number } & Readonly<Record<keyof typeof BLOBS, string>> &
  Readonly<Record<keyof typeof DOUBLES, number>>;

/** The point of a request's log line, by the very table that production writes by; null for any other line. */
export function parsePoint(line: string, at: number): Point | null {
  const trace = parseTrace(line);
  if (trace === null) return null;
  const { blobs, doubles } = toDataPoint(trace);
  const texts = Object.keys(BLOBS).map((name, index) => [name, shared(blobs[index] ?? "")]);
  const numbers = Object.keys(DOUBLES).map((name, index) => [name, doubles[index]]);
  return Object.fromEntries([["at", at], ...texts, ...numbers]) as Point;
}

function parseTrace(line: string): Trace | null {
  if (!line.startsWith("{")) return null;
  try {
    const fields = JSON.parse(line) as Partial<Trace>;
    if (typeof fields.requestId !== "string" || typeof fields.route !== "string") return null;
    // Lists that are empty are not written.
    return { ...createTrace(fields.requestId, ""), ...fields };
  } catch {
    return null;
  }
}

const texts = new Map<string, string>();
const MOST_TEXTS = 10_000;

/** A hundred thousand points hold few different texts; each is kept once. */
function shared(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size < MOST_TEXTS) texts.set(text, text);
  return text;
}
