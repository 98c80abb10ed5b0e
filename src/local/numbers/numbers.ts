import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
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
const TYPES = { css: "text/css; charset=utf-8", js: "text/javascript; charset=utf-8" } as const;
const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

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
  const answer = (question: Question) =>
    JSON.stringify(summarize(points.since(question.now - DAY_MS), question));
  return {
    observe(line) {
      const point = parsePoint(line, now());
      if (point !== null) points.add(point);
    },
    async respond(request, response) {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
      const send = (status: number, type: string, body: string | Buffer): void =>
        void response.writeHead(status, { ...HEADERS, "content-type": type }).end(body);
      const refuse = (status: number, error: string): void =>
        send(status, "application/json", JSON.stringify({ error }));

      if (request.method !== "GET" && request.method !== "HEAD") return refuse(405, "Use GET");
      if (pathname === "/numbers")
        return send(200, "text/html; charset=utf-8", await readFile(join(FILES, "numbers.html")));
      if (pathname === "/numbers/summary") {
        const question = parseQuestion(searchParams, now());
        if (question === null)
          return refuse(400, `window is one of ${[...WINDOWS.keys()].join(", ")}, in minutes`);
        return send(200, "application/json", answer(question));
      }
      const [, name, extension] = /^\/numbers\/([a-z-]+\.(css|js))$/.exec(pathname) ?? [];
      const content = name === undefined ? null : await readFile(join(FILES, name)).catch(() => null);
      if (content === null) return refuse(404, "There is /numbers and /numbers/summary?window=");
      return send(200, extension === "css" ? TYPES.css : TYPES.js, content);
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
