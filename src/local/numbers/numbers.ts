import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { sendFile, sendHtml, sendJson } from "../page-answer.ts";
import { parsePoint } from "./point.ts";
import { createPoints } from "./points.ts";
import type { Question } from "./summary.ts";
import { summarize } from "./summary.ts";

export interface Numbers {
  /** Takes each line that the Worker prints; those of its requests count. */
  observe(line: string): void;
  /** Answers `/numbers` and what stands below it. The caller has made sure that the host is this machine. */
  respond(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

const FILES = join(import.meta.dirname, "browser");

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** The windows that the page offers, in minutes, and their steps in seconds. */
const WINDOWS = new Map([
  ["5", 10],
  ["15", 30],
  ["60", 120],
  ["1440", 3600],
]);

/** A page of what the Worker's own metrics say, live, in the columns that production writes. */
export function createNumbers(now: () => number = Date.now): Numbers {
  const points = createPoints();
  const answer = (question: Question) => summarize(points.since(question.now - DAY_MS), question);
  return {
    observe(line) {
      const point = parsePoint(line, now());
      if (point !== null) points.add(point);
    },
    async respond(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      const refuse = (status: number, error: string): void => sendJson(response, { status, body: { error } });

      if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Use GET");
      if (pathname === "/numbers")
        return sendHtml(response, await readFile(join(FILES, "numbers.html"), "utf8"));
      if (pathname === "/numbers/summary") {
        const question = parseQuestion(searchParams, now());
        return question === null
          ? refuse(400, `window is one of ${[...WINDOWS.keys()].join(", ")}, in minutes`)
          : sendJson(response, { status: 200, body: answer(question) });
      }
      if (await sendFile(response, FILES, pathname.replace("/numbers/", ""))) return undefined;
      return refuse(404, "There is /numbers and /numbers/summary?window=");
    },
  };
}

function parseQuestion(asked: URLSearchParams, now: number): Question | null {
  const window = asked.get("window") ?? "5";
  const stepSeconds = WINDOWS.get(window);
  if (stepSeconds === undefined) return null;
  return {
    now,
    windowMs: Number(window) * MINUTE_MS,
    stepMs: stepSeconds * 1000,
    role: asked.get("role") || null,
    country: asked.get("country") || null,
  };
}
