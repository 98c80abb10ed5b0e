import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNumbers, type Numbers } from "../../src/local/numbers/numbers.ts";
import { parsePoint, type Point } from "../../src/local/numbers/point.ts";
import { createPoints } from "../../src/local/numbers/points.ts";
import { summarize, type Summary } from "../../src/local/numbers/summary.ts";
import { createInbox } from "../../src/local/page/inbox.ts";
import { startPage } from "../../src/local/page/server.ts";
import { createTrace, type Trace } from "../../src/log.ts";
import { request } from "./request.ts";

const NOW = Date.UTC(2026, 10, 24, 12, 0, 5);
const send = {
  route: "/api/v1/auth/send-otp",
  role: "customer",
  country: "IN",
  status: 200,
  storeRequests: 1,
  storeMs: 40,
  sms: ["ap-south-1:sent"],
  smsMs: 100,
  smsPriceMicroUsd: 2500,
};
const verify = {
  route: "/api/v1/auth/verify-otp",
  role: "customer",
  country: "IN",
  status: 200,
  storeRequests: 1,
  storeMs: 30,
};

const lineOf = (trace: Partial<Trace>): string => JSON.stringify({ ...createTrace("id", "POST"), ...trace });

function pointOf(trace: Partial<Trace>, at = NOW): Point {
  const point = parsePoint(lineOf(trace), at);
  if (point === null) throw new Error("no point");
  return point;
}

const question = { now: NOW, windowMs: 300_000, stepMs: 10_000, role: null, country: null };

describe("a point", () => {
  it("is a log line in the columns of the Analytics Engine", () => {
    expect(pointOf(send)).toMatchObject({
      at: NOW,
      route: send.route,
      outcome: "ok",
      role: "customer",
      smsRegion: "ap-south-1",
      smsOutcome: "sent",
      storeMs: 40,
      smsMicroUsd: 2500,
      requests: 1,
    });
  });

  it("needs none of the lists that a log line leaves out", () => {
    const line =
      '{"requestId":"r","method":"GET","route":"/health","status":200,"outcome":"ok","durationMs":1}';
    expect(parsePoint(line, NOW)).toMatchObject({ route: "/health", smsPublishes: 0, storeFailure: "" });
  });

  it.each([
    ["of wrangler's own", "⎔ Reloading local server..."],
    ["of a budget", '{"event":"sms_budget","limit":"smsPerDay","percent":80}'],
    ["that breaks off", '{"requestId":"r","route'],
    ["of JSON that is no object", "[1]"],
  ])("is none where the line is one %s", (_, line) => {
    expect(parsePoint(line, NOW)).toBeNull();
  });
});

describe("the points", () => {
  it("are the newest, however many come, oldest first", () => {
    const points = createPoints(100);
    for (let index = 0; index < 1000; index += 1) points.add(pointOf(send, index));
    const kept = points.since(0);
    expect([kept.length, kept[0]?.at, kept.at(-1)?.at]).toEqual([100, 900, 999]);
    expect(points.since(950).length).toBe(50);
    expect(points.since(2000)).toEqual([]);
  });
});

describe("the summary", () => {
  it("counts as the ready-made SQL does: no test numbers, what may have been sent, and each reason", () => {
    const unknown = { ...send, sms: ["ap-south-1:unknown:no_answer"], reason: "unconfirmed" };
    const wrong = { ...verify, status: 400, outcome: "OTP_INVALID", reason: "wrong_guess" };
    const down = { ...verify, status: 503, outcome: "SERVICE_UNAVAILABLE", reason: "store_timeout" };
    const points = [
      pointOf(send),
      pointOf(unknown),
      pointOf({ ...send, sms: [], smsPriceMicroUsd: 0, testNumber: true }),
      pointOf(verify),
      pointOf({ ...verify, testNumber: true }),
      ...[wrong, wrong, down].map((trace) => pointOf(trace)),
      pointOf({ ...send, guard: "would_hold:prefix" }),
    ];
    const { total, refusals } = summarize(points, question);
    expect(total).toMatchObject({
      requests: 9,
      sent: 3,
      verified: 1,
      refused: 2,
      failed: 1,
      held: 1,
      microUsd: 7500,
    });
    expect(refusals).toEqual([
      { outcome: "OTP_INVALID", reason: "wrong_guess", status: 400, count: 2 },
      { outcome: "SERVICE_UNAVAILABLE", reason: "store_timeout", status: 503, count: 1 },
    ]);
  });

  it("has p50 and p99 of those who asked the upstream, and none where nobody did", () => {
    const points = Array.from({ length: 100 }, (_, index) =>
      pointOf({ ...send, storeMs: index + 1, smsMs: 7 }),
    );
    const idle = pointOf({ route: "/health", status: 200 });
    expect(summarize([...points, idle], question).total).toMatchObject({
      store: { p50: 50, p99: 99 },
      sms: { p50: 7, p99: 7 },
    });
    expect(summarize([idle], question).total).toMatchObject({ store: null, sms: null });
  });

  it("has equal steps that stay where they are while the window moves on", () => {
    const point = pointOf(send, NOW - 61_000);
    const stepOf = ({ steps }: Summary) => steps.filter(({ sent }) => sent > 0).map(({ at }) => at);
    const early = summarize([point], question);
    const later = summarize([point], { ...question, now: NOW + 7000 });
    expect([early.steps.length, stepOf(early)]).toEqual([30, [NOW - 65_000]]);
    expect(stepOf(later)).toEqual(stepOf(early));
    expect(early.steps.at(-1)?.at).toBe(NOW - 5000);
  });

  it("leaves out what is older than the window", () => {
    expect(summarize([pointOf(send, NOW - 301_000)], question).total.requests).toBe(0);
  });

  it("looks at one role and country where it is asked to, and offers all", () => {
    const points = [
      pointOf(send),
      pointOf({ ...send, role: "driver" }),
      pointOf({ ...send, country: "AE" }),
      pointOf({ route: "none", status: 404, outcome: "NOT_FOUND" }),
    ];
    const asked = summarize(points, { ...question, role: "customer", country: "AE" });
    expect(asked).toMatchObject({
      total: { requests: 1 },
      roles: ["customer", "driver"],
      countries: ["AE", "IN"],
      groups: [{ role: "customer", country: "AE", sent: 1 }],
    });
    expect(summarize(points, question).groups.map(({ role, country }) => [role, country])).toEqual([
      ["customer", "IN"],
      ["driver", "IN"],
      ["customer", "AE"],
    ]);
  });
});

let numbers: Numbers;
let server: Server;
let url: string;
beforeEach(async () => {
  numbers = createNumbers(() => NOW);
  server = createServer((asked, answer) => void numbers.respond(asked, answer));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe("the server of the numbers", () => {
  it("tells what the log lines said", async () => {
    numbers.observe(lineOf(send));
    numbers.observe("⎔ Reloading local server...");
    const answer = await request(`${url}/numbers/summary?window=15&role=&country=`);
    expect(answer.headers["content-type"]).toBe("application/json");
    const summary = JSON.parse(answer.text) as Summary;
    expect([summary.total.sent, summary.steps.length, summary.stepMs]).toEqual([1, 30, 30_000]);
  });

  it("serves the page, and every file that it names, under a policy that runs its own script only", async () => {
    const page = await request(`${url}/numbers`);
    expect(page.headers["content-security-policy"]).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'/,
    );
    expect(page.text).not.toMatch(/<script(?![^>]* src="\/numbers\/)|\son\w+=|<style|\sstyle=/i);
    const files = (await readdir(join("src/local/numbers/browser"))).filter((name) =>
      /\.(css|js)$/.test(name),
    );
    for (const name of files) {
      const file = await request(`${url}/numbers/${name}`);
      expect([name, file.status, file.headers["x-content-type-options"]]).toEqual([name, 200, "nosniff"]);
      expect(file.text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
      for (const [, imported = ""] of file.text.matchAll(/^import .* from "\.\/(.+)";$/gm))
        expect(files).toContain(imported);
    }
    for (const [, named = ""] of page.text.matchAll(/(?:href|src)="\/numbers\/([^"]+)"/g))
      expect(files).toContain(named);
  });

  it("stands beside the inbox, at localhost only", async () => {
    const page = await startPage({ inbox: createInbox(), numbers });
    numbers.observe(lineOf(send));
    const answer = await request(`${page.url}/numbers/summary`);
    expect((JSON.parse(answer.text) as Summary).total.sent).toBe(1);
    expect((await request(`${page.url}/numbers`, { headers: { host: "evil.example" } })).status).toBe(403);
    await page.close();
  });

  it.each([
    ["POST", "/numbers", 405],
    ["GET", "/numbers/summary?window=7", 400],
    ["GET", "/numbers/../package.json", 404],
    ["GET", "/numbers/tsconfig.json", 404],
    ["GET", "/numbers/numbers.html", 404],
    ["GET", "/numbers/nothing.js", 404],
  ])("refuses %s %s", async (method, path, status) => {
    expect((await request(url + path, { method })).status).toBe(status);
  });
});
