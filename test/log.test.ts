import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Trace } from "../src/log.ts";
import { BLOBS, DOUBLES } from "../src/metrics.ts";
import type { Service } from "./harness/service.ts";
import { freshPhone, startService, wrongGuess } from "./harness/service.ts";

/** All fields of a request's log line: one that is not here does not compile. */
const FIELDS: readonly string[] = Object.keys({
  requestId: true,
  traceId: true,
  method: true,
  route: true,
  status: true,
  outcome: true,
  reason: true,
  role: true,
  country: true,
  phone: true,
  durationMs: true,
  storeMs: true,
  storeRequests: true,
  storeFailures: true,
  smsMs: true,
  sms: true,
  smsPriceMicroUsd: true,
  guard: true,
  testNumber: true,
  directory: true,
  directoryMs: true,
  turnstile: true,
  rateLimiter: true,
  deferredFailures: true,
  problems: true,
} satisfies Record<keyof Trace, true>);

let service: Service;
beforeAll(async () => {
  service = await startService({ POLICY: { storeTimeoutMs: 10_000, smsPricesUsd: { "*": 0.01 } } });
});
afterAll(() => service.close());

describe("a log line", () => {
  it("has fields by these names and no others", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const body = { phone, challengeId: sent.body.data?.["challengeId"] };
    await service.verifyOtp({ ...body, otp: wrongGuess(service.codeFor(phone)) });
    await service.verifyOtp({ ...body, otp: service.codeFor(phone) });
    service.store.plan(() => "drop_after");
    await service.sendOtp({ phone });
    await expect.poll(() => service.logs.length).toBe(4);
    const names = new Set(service.logs.flatMap((line) => Object.keys(line)));
    expect([...names].filter((name) => !FIELDS.includes(name))).toEqual([]);
    for (const name of ["requestId", "route", "outcome", "durationMs", "storeFailures", "sms"])
      expect(names).toContain(name);
  });
});

/** The names in the first column of the table under this head. */
async function tableOf(head: string): Promise<readonly string[]> {
  const page = await readFile("src/metrics/README.md", "utf8");
  const [, body = ""] = page.split(new RegExp(`^\\| ${head} +\\|.*\\n`, "m"));
  return [...(body.split("\n\n")[0] ?? "").matchAll(/^\| `(\w+)`.*$/gm)].map(([, name = ""]) => name);
}

const placed = (kind: string, columns: object) =>
  Object.keys(columns).map(
    (name, index) => new RegExp(`^\\| \`${name}\` +\\| ${kind}${index + 1} +\\|`, "m"),
  );

describe("the page about logs and metrics", () => {
  it.each([
    ["log field", FIELDS],
    ["blob", Object.keys(BLOBS)],
    ["double", Object.keys(DOUBLES)],
  ])("has each %s once, in order, and no other", async (head, names) => {
    expect(await tableOf(head)).toEqual(names);
  });

  it("has each column of the metrics at its place", async () => {
    const page = await readFile("src/metrics/README.md", "utf8");
    for (const row of [...placed("blob", BLOBS), ...placed("double", DOUBLES)]) expect(page).toMatch(row);
  });

  it("names every query that stands beside it", async () => {
    const page = await readFile("src/metrics/README.md", "utf8");
    const queries = (await readdir("src/metrics")).filter((name) => name.endsWith(".sql"));
    for (const name of queries) expect(page).toContain(`\`${name}\``);
  });
});
