import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { createTrace, type Trace } from "../../src/log.ts";
import { BLOBS, DOUBLES, toDataPoint } from "../../src/metrics.ts";

const directory = join(import.meta.dirname, "../../src/metrics");
const files = (await readdir(directory)).filter((name) => name.endsWith(".sql"));
const queries = new Map(
  await Promise.all(
    files.map(
      async (name) => [name.replace(".sql", ""), await readFile(join(directory, name), "utf8")] as const,
    ),
  ),
);

/** What the Analytics Engine's dialect has of what we use. */
const KNOWN_FUNCTIONS = ["SUM", "IF", "IN", "FROM", "NOW", "quantileExactWeighted", "toStartOfInterval"];
const KNOWN_WORDS =
  "SELECT FROM WHERE GROUP BY HAVING ORDER DESC LIMIT AS AND INTERVAL DAY edge_otp timestamp _sample_interval weight";

const columns = new Map<string, string>([
  ...Object.keys(BLOBS).map((name, index) => [`blob${index + 1}`, name] as const),
  ...Object.keys(DOUBLES).map((name, index) => [`double${index + 1}`, name] as const),
]);

describe.each([...queries])("the query %s", (_, query) => {
  const sql = query.replaceAll(/--.*$/gm, "");

  it("says on its first line what it answers", () => {
    expect(query).toMatch(/^-- [A-Z].*\w.*$/m);
  });

  it("reads every column by its own name", () => {
    const named = [...sql.matchAll(/\b((?:blob|double)\d+) AS (\w+)/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, place = "", name] of named) expect([place, name]).toEqual([place, columns.get(place)]);
    const names = new Set(named.map(([, , name]) => name));
    const others = [...sql.matchAll(/\b(?:blob|double)\d+\b(?! AS)/g)].map(([place]) => columns.get(place));
    expect(others.filter((name) => name !== "testNumber" && !names.has(name))).toEqual([]);
  });

  it("has no name that is not a column, an alias or known to the dialect", () => {
    const aliases = [...sql.matchAll(/ AS (\w+)/g)].map(([, name = ""]) => name);
    const known = new Set([...KNOWN_FUNCTIONS, ...KNOWN_WORDS.split(" "), ...columns.keys(), ...aliases]);
    const words = sql.replaceAll(/'[^']*'/g, "").match(/[A-Za-z_]\w*/g) ?? [];
    expect(words.filter((word) => !known.has(word))).toEqual([]);
    const functions = [...sql.matchAll(/(\w+)\s*\(/g)].map(([, name = ""]) => name);
    expect(functions.filter((name) => !KNOWN_FUNCTIONS.includes(name) && !/^\d/.test(name))).toEqual([]);
  });
});

const NOW = Date.UTC(2026, 10, 24, 12) / 1000;

/** The same queries on SQLite, with the functions that it lacks. */
function run(name: string, rows: readonly { trace: Partial<Trace>; weight?: number; ago?: number }[]) {
  const db = new DatabaseSync(":memory:");
  const blobs = Object.keys(BLOBS).map((_, index) => `blob${index + 1}`);
  const doubles = Object.keys(DOUBLES).map((_, index) => `double${index + 1} REAL`);
  db.exec(
    `CREATE TABLE edge_otp (timestamp INTEGER, _sample_interval REAL, index1, ${[...blobs, ...doubles].join()})`,
  );
  for (const { trace, weight = 1, ago = 60 } of rows) {
    const point = toDataPoint({ ...createTrace("id", "POST"), ...trace });
    const values = [NOW - ago, weight, point.indexes[0], ...point.blobs, ...point.doubles];
    db.prepare(`INSERT INTO edge_otp VALUES (${values.map(() => "?").join()})`).run(...values);
  }
  db.function("NOW", () => NOW);
  db.function("toStartOfInterval", (time, seconds) => Number(time) - (Number(time) % Number(seconds)));
  db.aggregate("quantile", {
    start: "",
    varargs: true,
    step: (kept, ...row) => `${asText(kept)} ${row.map(asText).join()}`,
    result: (kept) => quantile(asText(kept)),
  });
  const sql = (queries.get(name) ?? "")
    .replaceAll(/INTERVAL '(\d+)' DAY/g, (_, days: string) => String(Number(days) * 86_400))
    .replaceAll(/quantileExactWeighted\(([\d.]+)\)\(/g, "quantile($1, ");
  return db.prepare(sql).all();
}

const asText = (value: unknown) => (typeof value === "number" ? String(value) : (value as string));

/** Of rows of level, value and weight: each value counts as often as its weight says. */
function quantile(kept: string): number | null {
  const rows = kept
    .trim()
    .split(" ")
    .map((row) => row.split(",").map(Number));
  const all = rows.flatMap(([, value = 0, weight = 0]) => Array<number>(weight).fill(value));
  const place = Math.ceil((rows[0]?.[0] ?? 0) * all.length);
  return all.sort((a, b) => a - b)[Math.max(0, place - 1)] ?? null;
}

const send = {
  route: "/api/v1/auth/send-otp",
  role: "customer",
  country: "IN",
  status: 200,
  sms: ["ap-south-1:sent"],
  smsPriceMicroUsd: 2500,
};
const verify = { route: "/api/v1/auth/verify-otp", role: "customer", country: "IN", status: 200 };
const week = 7 * 86_400;

describe("the ready-made SQL", () => {
  it("counts conversion by role and country: sampled rows by their weight, no test numbers, nothing older", () => {
    expect(
      run("conversion", [
        { trace: send, weight: 10 },
        { trace: { ...send, sms: ["ap-south-1:unknown:no_answer"] }, weight: 10 },
        { trace: { ...send, outcome: "OTP_SEND_FAILED", sms: ["ap-south-1:rejected:OptedOut"] } },
        { trace: { ...send, outcome: "OTP_RATE_LIMIT_EXCEEDED", sms: [] } },
        { trace: verify, weight: 15 },
        { trace: { ...verify, outcome: "OTP_INVALID" } },
        { trace: { ...verify, testNumber: true } },
        { trace: verify, ago: week + 1 },
        { trace: { ...send, role: "driver" } },
      ]),
    ).toEqual([
      { role: "customer", country: "IN", sent: 20, verified: 15, conversionPercent: 75 },
      { role: "driver", country: "IN", sent: 1, verified: 0, conversionPercent: 0 },
    ]);
  });

  it("counts failures by reason", () => {
    const wrong = { ...verify, outcome: "OTP_INVALID", reason: "wrong_guess" };
    const limited = { ...send, outcome: "OTP_RATE_LIMIT_EXCEEDED", reason: "over_limit:sendsPerHour" };
    expect(
      run("failures", [{ trace: send }, { trace: limited }, { trace: wrong, weight: 3 }, { trace: wrong }]),
    ).toEqual([
      { outcome: "OTP_INVALID", reason: "wrong_guess", role: "customer", country: "IN", requests: 4 },
      {
        outcome: "OTP_RATE_LIMIT_EXCEEDED",
        reason: "over_limit:sendsPerHour",
        role: "customer",
        country: "IN",
        requests: 1,
      },
    ]);
  });

  it("tells p50 and p99, of the requests that asked the upstream at all, by weight", () => {
    const slow = { ...send, durationMs: 900, storeMs: 400, storeRequests: 1, smsMs: 500 };
    const quick = { ...send, durationMs: 90, storeMs: 40, storeRequests: 1, smsMs: 50 };
    const none = { ...send, durationMs: 0, sms: [], outcome: "INVALID_PHONE" };
    const rows = [{ trace: slow, weight: 2 }, { trace: quick, weight: 98 }, { trace: none }];
    expect(run("latency", rows)).toEqual([
      { route: send.route, country: "IN", requests: 101, p50Ms: 90, p99Ms: 900 },
    ]);
    expect(run("latency-store", rows)).toEqual([
      { role: "customer", country: "IN", requests: 100, p50Ms: 40, p99Ms: 400 },
    ]);
    expect(run("latency-sms", rows)).toEqual([
      { smsRegion: "ap-south-1", country: "IN", sends: 100, p50Ms: 50, p99Ms: 500 },
    ]);
  });

  it("adds up what SMS cost by day, role and country", () => {
    const day = Date.UTC(2026, 10, 24) / 1000;
    expect(
      run("spend", [
        { trace: send, weight: 4 },
        { trace: { ...send, smsPriceMicroUsd: 5000 } },
        { trace: send, ago: 86_400 },
        { trace: { ...send, sms: [], outcome: "OTP_RATE_LIMIT_EXCEEDED", smsPriceMicroUsd: 0 } },
      ]),
    ).toEqual([
      { day, role: "customer", country: "IN", sent: 5, usd: 0.015 },
      { day: day - 86_400, role: "customer", country: "IN", sent: 1, usd: 0.0025 },
    ]);
  });

  it("shows what the guard holds, or would", () => {
    expect(
      run("guard", [
        { trace: send, weight: 7 },
        { trace: { ...send, guard: "would_hold:prefix" }, weight: 2 },
        { trace: { ...send, guard: "held:country" } },
        { trace: verify },
      ]),
    ).toEqual([{ role: "customer", country: "IN", sends: 10, byPrefix: 2, byCountry: 1 }]);
  });
});
