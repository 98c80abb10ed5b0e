import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClient } from "../../src/local/load/client.ts";
import { JOURNEYS, PUMPING, type Journey } from "../../src/local/load/journeys.ts";
import { createPerson, mobileIn, type Crowd } from "../../src/local/load/person.ts";
import { createRandom } from "../../src/local/load/random.ts";
import { createReport } from "../../src/local/load/report.ts";
import { runCrowd } from "../../src/local/load/run-crowd.ts";
import { createInbox } from "../../src/local/page/inbox.ts";
import { startPage, type PageServer } from "../../src/local/page/server.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

const crowd: Crowd = [
  { role: "customer", share: 3, countries: ["IN", "US"] },
  { role: "transporter", share: 1, countries: ["IN"] },
];

const peopleOf = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 200 }, () => createPerson(crowd, random));
};

describe("a crowd", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(peopleOf(7)).toEqual(peopleOf(7));
    expect(peopleOf(7)).not.toEqual(peopleOf(8));
  });

  it("has people in every role and country, with mobile numbers that a network could give out", () => {
    const people = peopleOf(1);
    expect(new Set(people.map(({ role }) => role))).toEqual(new Set(["customer", "transporter"]));
    const numbers = people.map(({ phone }) => parsePhoneNumberFromString(phone));
    expect(new Set(numbers.map((number) => number?.country))).toEqual(new Set(["IN", "US"]));
    expect(numbers.every((number) => number?.isValid())).toBe(true);
    expect(new Set(people.map(({ phone }) => phone)).size).toBeGreaterThan(195);
    expect(people.every(({ role, phone }) => role === "customer" || phone.startsWith("+91"))).toBe(true);
  });

  it("sits behind shared addresses, all of ranges that are nobody's", () => {
    const addresses = peopleOf(2).map(({ address }) => address);
    expect(new Set(addresses).size).toBeLessThan(120);
    for (const address of addresses)
      expect(address).toMatch(/^(203\.0\.113\.\d+|198\.1[89]\.\d+\.\d+|2001:db8:.*)$/);
  });

  it.each(["IN", "US", "AE", "DE", "BR"] as const)("has numbers in %s", (country) => {
    expect(parsePhoneNumberFromString(mobileIn(country, createRandom(3)))?.country).toBe(country);
  });
});

describe("chance", () => {
  it("goes by shares, and arrivals by their rate in the long run", () => {
    const random = createRandom(4);
    const items: [{ share: number }, { share: number }] = [{ share: 1 }, { share: 9 }];
    const rare = Array.from({ length: 2000 }, () => random.pickByShare(items)).filter(
      (item) => item === items[0],
    );
    expect(rare.length).toBeGreaterThan(140);
    expect(rare.length).toBeLessThan(260);
    const waited = Array.from({ length: 4000 }, () => random.untilNextMs(10)).reduce(
      (sum, ms) => sum + ms,
      0,
    );
    expect(waited / 4000).toBeGreaterThan(92);
    expect(waited / 4000).toBeLessThan(108);
  });
});

describe("the report", () => {
  it("counts each outcome of each route, with p50 and p99", () => {
    const report = createReport();
    for (let ms = 1; ms <= 100; ms += 1)
      report.add({ route: "send-otp", status: 200, outcome: "ok", durationMs: ms });
    report.add({ route: "me", status: 503, outcome: "SERVICE_UNAVAILABLE", durationMs: 7 });
    report.add({ route: "me", status: 0, outcome: "NO_ANSWER", durationMs: 15_000 });
    expect([report.requests, report.failures]).toEqual([102, 2]);
    expect(
      report
        .table()
        .split("\n")
        .map((line) => line.trim().split(/\s{2,}/)),
    ).toEqual([
      ["route", "status", "outcome", "count", "p50", "p99"],
      ["me", "503", "SERVICE_UNAVAILABLE", "1", "7 ms", "7 ms"],
      ["me", "–", "NO_ANSWER", "1", "15000 ms", "15000 ms"],
      ["send-otp", "200", "ok", "100", "50 ms", "99 ms"],
    ]);
  });
});

let service: Service;
let page: PageServer;
beforeAll(async () => {
  service = await startService({
    POLICY: { resendAfterSeconds: 1, storeTimeoutMs: 20_000, smsTimeoutMs: 20_000 },
  });
  const inbox = createInbox();
  const { sent } = service;
  const add = sent.push.bind(sent);
  sent.push = (...messages) => {
    for (const sms of messages) inbox.add(sms);
    return add(...messages);
  };
  page = await startPage({ inbox });
});
afterAll(async () => {
  await page.close();
  await service.close();
});

/** What one person's journey brings about, with no time to think. */
async function outcomesOf(journey: Journey): Promise<readonly string[]> {
  const report = createReport();
  const outcomes: string[] = [];
  const add = report.add.bind(report);
  report.add = (observed) => {
    outcomes.push(`${observed.route} ${observed.outcome}`);
    add(observed);
  };
  const random = createRandom(5);
  await journey.run({
    person: { ...createPerson(crowd, random), ...atHome() },
    client: createClient({ serviceUrl: service.url, inboxUrl: page.url }, report),
    random,
    think: () => Promise.resolve(),
    wait: (ms) => wait(ms),
  });
  return outcomes;
}

function atHome() {
  const national = freshPhone();
  return { role: "customer", phone: `+91${national}`, typed: national };
}

const signedIn = ["send-otp ok", "verify-otp ok"];
const wrong = "verify-otp OTP_INVALID";

describe("a person who", () => {
  it.each([
    ["signs in", signedIn],
    ["signs in and stays a while", [...signedIn, "me ok", "refresh ok", "me ok", "refresh ok", "logout ok"]],
    ["mistypes the code first", ["send-otp ok", wrong, "verify-otp ok"]],
    ["asks again too soon", ["send-otp ok", "send-otp OTP_RATE_LIMIT_EXCEEDED", "verify-otp ok"]],
    ["waits, and asks again", ["send-otp ok", ...signedIn]],
    ["never types the code", ["send-otp ok"]],
    [
      "guesses until it is locked",
      ["send-otp ok", wrong, wrong, wrong, wrong, wrong, "verify-otp OTP_MAX_ATTEMPTS"],
    ],
    ["types a code that was used", [...signedIn, "verify-otp OTP_EXPIRED"]],
    ["gives a landline", ["send-otp NUMBER_NOT_ALLOWED"]],
    ["gives no phone number", ["send-otp INVALID_PHONE"]],
    ["lives where there is no service", ["send-otp COUNTRY_NOT_ALLOWED"]],
    ["brings a token that has ended", ["refresh UNAUTHORIZED"]],
    ["pumps", ["send-otp ok"]],
  ])("%s does just that", async (name, outcomes) => {
    const journey = [...JOURNEYS, PUMPING].find((one) => one.name === name);
    if (journey === undefined) throw new Error("no such journey");
    expect(await outcomesOf(journey)).toEqual(outcomes);
  });

  it("is among these, whoever it is", () => {
    expect(JOURNEYS.length).toBe(12);
    expect(JOURNEYS.reduce((sum, { share }) => sum + share, 0)).toBe(100);
  });
});

describe("a run", () => {
  it("lets people come at its rate, and waits for those who are on their way", async () => {
    const target = { serviceUrl: service.url, inboxUrl: page.url };
    const report = createReport();
    const { signal } = new AbortController();
    let stillHere = -1;
    const onLast = (count: number) => (stillHere = count);
    const options = { target, crowd, seed: 1, rate: 10, seconds: 2, isPumped: false, pace: 0.05 };
    await runCrowd({ ...options, report, signal, onLast });
    expect(report.failures).toBe(0);
    expect(report.requests).toBeGreaterThan(15);
    expect(stillHere).toBeGreaterThanOrEqual(0);
    expect(report.table()).toMatch(/verify-otp +200 +ok/);
  });

  it("ends at once when it is interrupted", async () => {
    const target = { serviceUrl: service.url, inboxUrl: page.url };
    const interruption = new AbortController();
    const report = createReport();
    const add = report.add.bind(report);
    report.add = (observed) => {
      add(observed);
      interruption.abort();
    };
    const options = { target, crowd, seed: 1, rate: 20, seconds: 600, isPumped: false, report };
    await runCrowd({ ...options, signal: interruption.signal });
    expect(report.requests).toBeGreaterThan(0);
  });
});

async function runCommand(...args: readonly string[]): Promise<{ code: unknown; printed: string }> {
  const script = join(import.meta.dirname, "../../src/local/load.ts");
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += String(chunk)));
  const [code] = (await once(child, "close")) as unknown[];
  return { code, printed };
}

describe("the load command", () => {
  it.each([
    ["https://otp.example.com"],
    ["http://10.0.0.1:8787"],
    ["http://localhost.evil.example"],
    ["nonsense"],
  ])("sends nobody to %s", async (url) => {
    const { code, printed } = await runCommand("--url", url);
    expect(code).toBe(1);
    expect(printed).toBe("--url wants http://localhost and a port: the crowd is for this machine only.\n");
  });

  it("says what to do where nothing answers", async () => {
    const { code, printed } = await runCommand("--url", "http://localhost:1", "--inbox", page.url);
    expect([code, printed]).toEqual([
      1,
      "Nothing answers at http://localhost:1. Start `npm run dev`, or name its ports: --url, --inbox.\n",
    ]);
  });

  it("prints a table at the end", async () => {
    const serviceUrl = service.url.replace("127.0.0.1", "localhost");
    const where = ["--url", serviceUrl, "--inbox", page.url];
    const { code, printed } = await runCommand(...where, "--rate", "0.01", "--seconds", "1");
    expect(code).toBe(0);
    expect(printed).toMatch(/^route +status +outcome +count +p50 +p99$/m);
    expect(printed).toContain("0 requests, 0 failed.");
  });
});
