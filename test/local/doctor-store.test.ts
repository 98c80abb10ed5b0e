import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openAuthority } from "../../src/local/authority.ts";
import type { Finding } from "../../src/local/doctor/finding.ts";
import type { Patient } from "../../src/local/doctor/patient.ts";
import {
  closedPort,
  startCuttingServer,
  startPlainServer,
  startSilentServer,
} from "../harness/bad-servers.ts";
import type { Exchange, Fault } from "../harness/fault-proxy.ts";
import { startFaultProxy } from "../harness/fault-proxy.ts";
import { finding, findingsOf, patientOf, statuses } from "../harness/patient.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
let otherDirectory: string;
beforeAll(async () => {
  upstreams = await startUpstreams();
  otherDirectory = await mkdtemp(join(tmpdir(), "edge-otp-doctor-"));
});
beforeEach(() => upstreams.store.reset());
afterAll(async () => {
  await upstreams.close();
  await rm(otherDirectory, { recursive: true });
});

/** SNS is another test's. */
const examineStore = async (changed: Partial<Patient> = {}): Promise<readonly Finding[]> => {
  const bindings = { SNS_ENDPOINT: "https://127.0.0.1:1/{region}", ...changed.bindings };
  const findings = await findingsOf(patientOf(upstreams, { ...changed, bindings }));
  return findings.filter(({ id }) => id.startsWith("store."));
};

/** With another answer to the commands that a pattern finds. */
function answering(pattern: RegExp, fault: Fault): void {
  upstreams.store.plan(({ body }) => (pattern.test(body) ? fault : "pass"));
}

const refusing = (error: string, status = 400): Fault => ({ status, body: JSON.stringify({ error }) });

describe("the doctor, of a store that is well", () => {
  it("finds so, in this order, and leaves no key behind", async () => {
    const findings = await examineStore();
    expect(Object.entries(statuses(findings))).toEqual([
      ["store.scheme", "ok"],
      ["store.dns", "ok"],
      ["store.tls", "ok"],
      ["store.clock", "ok"],
      ["store.token", "ok"],
      ["store.write", "ok"],
      ["store.claim", "ok"],
      ["store.ttl", "ok"],
      ["store.delete", "ok"],
      ["store.round-trip", "ok"],
      ["store.eviction", "skipped"],
    ]);
    expect(finding(findings, "store.tls").message).toMatch(/^TLSv1\.3 .* good for 36\d days more\.$/);
    expect(await upstreams.backend.single(["KEYS", "doctor:*"])).toEqual({ result: [] });
  });

  it("claims on keys of its own, each with a TTL, in transactions", async () => {
    await examineStore();
    const writes = upstreams.store.exchanges.filter(({ body }) => /"SET"|"HSETNX"/.test(body));
    expect(writes.length).toBeGreaterThan(1);
    for (const { path, body } of writes) {
      expect(path).toBe("/multi-exec");
      const names = (JSON.parse(body) as string[][]).map(([, key]) => key ?? "");
      for (const name of names) expect(name).toMatch(/^doctor:[0-9a-f]{32}:(write|claim)$/);
    }
    expect(writes.every(({ body }) => /"EX"|"EXPIRE"|"TTL"/.test(body))).toBe(true);
  });
});

describe("the doctor, of a store that cannot be reached", () => {
  it.each<[string, () => Promise<string>, string, string]>([
    [
      "a name without an address",
      () => Promise.resolve("https://nobody.invalid"),
      "store.dns",
      "No address is known",
    ],
    ["a closed port", closedPort, "store.tls", "Nobody listens"],
  ])("names %s", async (_name, urlOf, id, words) => {
    const findings = await examineStore({ bindings: { UPSTASH_REDIS_REST_URL: await urlOf() } });
    expect(finding(findings, id)).toMatchObject({ status: "fail", message: expect.stringContaining(words) });
    const later = findings.slice(findings.findIndex((one) => one.id === id) + 1);
    expect(later.map(({ status }) => status)).toEqual(later.map(() => "skipped"));
    expect(upstreams.store.exchanges).toEqual([]);
  });

  it.each([
    ["a server without TLS", startPlainServer, "does not speak TLS"],
    ["a server that cuts", startCuttingServer, "broke the connection off"],
    ["a server that says nothing", startSilentServer, "did not answer in time"],
  ])("names %s", async (_name, startServer, words) => {
    const server = await startServer();
    const findings = await examineStore({
      timeoutMs: 1500,
      bindings: { UPSTASH_REDIS_REST_URL: server.url },
    });
    await server.close();
    expect(finding(findings, "store.tls")).toMatchObject({
      status: "fail",
      message: expect.stringContaining(words),
    });
  });
});

describe("the doctor, of certificates", () => {
  const DAY_MS = 86_400_000;
  const from = (days: number): Date => new Date(Date.now() + days * DAY_MS + 60_000);

  it.each<[string, () => Promise<{ key: string; cert: string }>, string, RegExp]>([
    ["in time", () => upstreams.authority.issue({ notAfter: from(22) }), "ok", /good for 22 days more/],
    [
      "near its end",
      () => upstreams.authority.issue({ notAfter: from(20) }),
      "warn",
      /ends in 20 days, on 20\d\d-/,
    ],
    [
      "that has expired",
      () => upstreams.authority.issue({ notBefore: from(-30), notAfter: from(-4) }),
      "fail",
      /has expired\. It ended 3 days ago\./,
    ],
    [
      "that is not valid yet",
      () => upstreams.authority.issue({ notBefore: from(1), notAfter: from(30) }),
      "fail",
      /not valid yet/,
    ],
    [
      "for another host",
      () => upstreams.authority.issue({ hosts: ["redis.example"] }),
      "fail",
      /is not for localhost/,
    ],
    [
      "of an authority that nobody trusts",
      async () => (await openAuthority(otherDirectory)).issue(),
      "fail",
      /an authority that nobody here trusts/,
    ],
  ])("judges one %s", async (_name, issue, status, words) => {
    const proxy = await startFaultProxy({
      upstream: upstreams.store.url,
      tls: await issue(),
      ca: upstreams.authority.caPem,
    });
    const findings = await examineStore({ bindings: { UPSTASH_REDIS_REST_URL: proxy.url } });
    expect(finding(findings, "store.tls")).toMatchObject({ status, message: expect.stringMatching(words) });
    if (status === "fail") expect(proxy.exchanges).toEqual([]);
    await proxy.close();
  });
});

describe("the doctor, of a store that refuses", () => {
  it("finds a wrong token", async () => {
    const findings = await examineStore({ bindings: { UPSTASH_REDIS_REST_TOKEN: "another-token" } });
    expect(finding(findings, "store.token")).toMatchObject({
      status: "fail",
      message: "The store refuses the token.",
    });
    expect(finding(findings, "store.write").status).toBe("skipped");
  });

  it.each([
    ["alone", "NOPERM this user has no permissions to run the 'set' command"],
    [
      "with the transaction",
      "EXECABORT Transaction discarded because of: NOPERM this user has no permissions",
    ],
  ])("finds a token that may only read, refused %s", async (_name, error) => {
    answering(/"SET"|"HSETNX"/, refusing(error));
    const findings = await examineStore();
    expect(finding(findings, "store.token").status).toBe("ok");
    expect(finding(findings, "store.write")).toMatchObject({
      status: "fail",
      message: "The token may read and not write.",
    });
  });

  it("reads no answer without an end", async () => {
    answering(/PING/, { status: 200, body: "x".repeat(300_000) });
    expect(finding(await examineStore(), "store.token").message).toContain("more than an answer can have");
  });

  it("finds it too where each command is refused by itself", async () => {
    const each = [
      { error: "NOPERM this user has no permissions to run the 'set' command" },
      { result: null },
    ];
    answering(/"SET"/, { status: 200, body: JSON.stringify(each) });
    expect(finding(await examineStore(), "store.write").message).toBe("The token may read and not write.");
  });

  it.each([
    "ERR max requests limit exceeded. Limit: 500000, Usage: 500000.",
    "ERR max daily request limit exceeded",
    "ERR DB capacity quota exceeded",
  ])("finds a quota that is used up: %s", async (error) => {
    answering(/PING|SET/, refusing(error));
    expect(finding(await examineStore(), "store.token")).toMatchObject({
      status: "fail",
      message: "The store refuses, since its quota is used up.",
    });
  });

  it.each<[string, Fault]>([
    ["a web page", { status: 200, body: "<html>hoax</html>" }],
    ["a JSON of its own", { status: 200, body: '{"pong":true}' }],
    ["a 404", { status: 404, body: "hoax" }],
    ["a redirect", { status: 302, body: "", headers: { location: "https://hoax.example" } }],
    ["another echo", { status: 200, body: '{"result":"hoax"}' }],
  ])("finds that %s is no REST API", async (_name, fault) => {
    answering(/./, fault);
    const { status, message } = finding(await examineStore(), "store.token");
    expect([status, message]).toEqual([
      "fail",
      expect.stringContaining("not as the REST API of a Redis does"),
    ]);
    expect(message).not.toContain("hoax");
  });
});

describe("the doctor, of a store that is no Redis", () => {
  const rewriting = (pattern: RegExp, change: (replies: { result: unknown }[]) => void): void =>
    answering(pattern, {
      rewrite(body) {
        const replies = JSON.parse(body) as { result: unknown }[];
        change(replies);
        return JSON.stringify(replies);
      },
    });

  it("finds a second winner", async () => {
    rewriting(/"second"/, (replies) => Object.assign(replies[1] ?? {}, { result: 1 }));
    expect(finding(await examineStore(), "store.claim").status).toBe("fail");
  });

  it("finds a claim without a TTL", async () => {
    rewriting(/"TTL"/, (replies) => Object.assign(replies[1] ?? {}, { result: -1 }));
    expect(finding(await examineStore(), "store.ttl").status).toBe("fail");
  });

  it("finds a write that is lost", async () => {
    rewriting(/"SET"/, (replies) => Object.assign(replies[1] ?? {}, { result: null }));
    expect(finding(await examineStore(), "store.write").status).toBe("fail");
  });
});

describe("the doctor, of eviction", () => {
  const policy = (name: string): Fault => ({
    status: 200,
    body: JSON.stringify({ result: ["maxmemory-policy", name] }),
  });

  it.each([
    ["noeviction", "ok"],
    ["allkeys-lru", "fail"],
    ["optimistic-volatile", "fail"],
  ])("judges %s, told by CONFIG", async (name, status) => {
    answering(/CONFIG/, policy(name));
    expect(finding(await examineStore(), "store.eviction").status).toBe(status);
  });

  it.each([
    ["noeviction", "ok"],
    ["volatile-lru", "fail"],
  ])("judges %s, told by INFO where CONFIG is refused", async (name, status) => {
    const body = JSON.stringify({ result: `# Memory\r\nused_memory:1\r\nmaxmemory_policy:${name}\r\n` });
    answering(/INFO/, { status: 200, body });
    expect(finding(await examineStore(), "store.eviction").status).toBe(status);
  });

  it("says where to look if the store does not tell", async () => {
    expect(finding(await examineStore(), "store.eviction")).toMatchObject({
      status: "skipped",
      fix: expect.stringContaining("Upstash console"),
    });
  });
});

describe("the doctor, of time", () => {
  it.each([
    [0, "ok"],
    [4000, "ok"],
    [-4000, "ok"],
    [7000, "warn"],
    [-7000, "warn"],
    [241_000, "fail"],
    [-241_000, "fail"],
  ])("judges a clock that is %i ms off", async (skewMs, status) => {
    const findings = await examineStore({ now: () => Date.now() + skewMs });
    expect(finding(findings, "store.clock").status).toBe(status);
    if (status !== "ok")
      expect(finding(findings, "store.clock").message).toMatch(skewMs > 0 ? /ahead/ : /behind/);
  });

  it("finds a store that is far away, and says where to put things", async () => {
    const late = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 110));
    upstreams.store.plan(({ body }: Exchange) => (body.includes("PING") ? { after: late() } : "pass"));
    expect(finding(await examineStore({ slowMs: 100 }), "store.round-trip")).toMatchObject({
      status: "warn",
      message: expect.stringMatching(/takes \d{3,} ms .* median of 5/),
      fix: expect.stringContaining("[placement]"),
    });
  });

  it.each<[string, Fault]>([
    ["that hangs", "hang_before"],
    ["that stalls in its body", "stall_in_body"],
  ])("waits for no store %s", async (_name, fault) => {
    answering(/PING/, fault);
    const findings = await examineStore({ timeoutMs: 1500 });
    expect(finding(findings, "store.token").message).toContain("did not answer in time");
  });
});
