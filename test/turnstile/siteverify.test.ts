import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { TurnstileQuery } from "../../src/turnstile/port.ts";
import type { SiteverifyOptions } from "../../src/turnstile/siteverify.ts";
import { createSiteverify } from "../../src/turnstile/siteverify.ts";
import type { FaultyReply } from "../harness/faulty-server.ts";
import type { Siteverify } from "../harness/siteverify.ts";
import { startSiteverify } from "../harness/siteverify.ts";
import { testAuthority } from "../harness/upstreams.ts";

const secret = "0x4AAAAAAAhoax_secret";
const TIMEOUT_MS = 400;
const keys = ["7f7a4c1e-0000-4000-8000-000000000001", "7f7a4c1e-0000-4000-8000-000000000002"] as const;

let siteverify: Siteverify;
beforeAll(async () => {
  siteverify = await startSiteverify({ secret, tls: await (await testAuthority()).issue() });
});
beforeEach(() => siteverify.plan(null));
afterAll(() => siteverify.close());

function check(query: Partial<TurnstileQuery> = {}, options: Partial<SiteverifyOptions> = {}) {
  const url = `${siteverify.url}/turnstile/v0/siteverify`;
  return createSiteverify({ url, secret, timeoutMs: TIMEOUT_MS, now: Date.now, ...options })({
    token: siteverify.solve(),
    action: "send-otp",
    hostnames: ["app.example.com"],
    remoteIp: "203.0.113.7",
    idempotencyKey: keys[0],
    ...query,
  });
}

describe("the request to siteverify", () => {
  it("is one POST of secret, token, address and idempotency key", async () => {
    const token = siteverify.solve();
    expect(await check({ token })).toEqual({ kind: "passed" });
    expect(siteverify.requests).toMatchObject([{ method: "POST", path: "/turnstile/v0/siteverify" }]);
    expect(JSON.parse(siteverify.requests[0]?.body ?? "")).toEqual({
      secret,
      response: token,
      remoteip: "203.0.113.7",
      idempotency_key: keys[0],
    });
  });

  it("names no address where none is known", async () => {
    expect(await check({ remoteIp: null })).toEqual({ kind: "passed" });
    expect(siteverify.requests[0]?.body).not.toContain("remoteip");
  });
});

describe("a token", () => {
  it("is good for one key alone, and under that again", async () => {
    const token = siteverify.solve();
    const duplicate = { kind: "refused", reason: "timeout-or-duplicate" };
    expect(await check({ token })).toEqual({ kind: "passed" });
    expect(await check({ token, idempotencyKey: keys[1] })).toEqual(duplicate);
    expect(await check({ token })).toEqual({ kind: "passed" });
  });

  it("that nobody solved, or for something else, or too long ago, is refused", async () => {
    const refused = (reason: string) => ({ kind: "refused", reason });
    expect(await check({ token: "made up" })).toEqual(refused("invalid-input-response"));
    expect(await check({ token: siteverify.solve({ action: "sign-up" }) })).toEqual(refused("wrong_action"));
    expect(await check({ token: siteverify.solve({ hostname: "evil.example" }) })).toEqual(
      refused("wrong_hostname"),
    );
    expect(await check({ token: siteverify.solve({ at: Date.now() - 301_000 }) })).toEqual(
      refused("timeout-or-duplicate"),
    );
    expect(await check({}, { now: () => Date.now() + 301_000 })).toEqual(refused("too_old"));
  });

  it("is not judged where Cloudflare does not know the secret, which it says with a 400", async () => {
    expect(await check({}, { secret: "0xanother" })).toEqual({
      kind: "unavailable",
      reason: "invalid-input-secret",
    });
  });
});

const pass = JSON.stringify({
  success: true,
  challenge_ts: "2999-01-01T00:00:00Z",
  hostname: "app.example.com",
  action: "send-otp",
});

describe("an answer of siteverify", () => {
  const faults: readonly (readonly [string, FaultyReply, string])[] = [
    ["that never comes", "silent", "timeout"],
    ["whose body stalls", "stall_in_body", "timeout"],
    ["whose body breaks off", "cut_in_body", "broken_off"],
    ["whose connection breaks", "drop", "network"],
    ["of 500", { status: 500, body: pass }, "status_500"],
    ["of 201", { status: 201, body: pass }, "status_201"],
    ["of 403", { status: 403, body: pass }, "status_403"],
    ["of 400 that passes", { status: 400, body: pass }, "status_400"],
    ["of 400 that is a page", { status: 400, body: "<html>hoax</html>" }, "not_json"],
    ["of 200 that is a page", { status: 200, body: "<html>hoax</html>" }, "not_json"],
    ["that is empty", { status: 200, body: "" }, "not_json"],
    [
      "that is too long",
      { status: 200, body: pass.replace("{", `{"cdata":"${"A".repeat(16 * 1024)}",`) },
      "too_large",
    ],
    [
      "that grows when it is unpacked",
      {
        status: 200,
        body: gzipSync(pass.replace("{", `{"cdata":"${"A".repeat(1_000_000)}",`)),
        headers: { "Content-Encoding": "gzip" },
      },
      "too_large",
    ],
  ];

  it.each(faults)(
    "%s says nothing of the token, within the time-out, in one try",
    async (_, fault, reason) => {
      siteverify.plan(fault);
      const startedAt = Date.now();
      expect(await check()).toEqual({ kind: "unavailable", reason });
      expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 300);
      expect(siteverify.requests.length).toBe(1);
    },
  );

  it.each(["silent", "stall_in_body"] as const)("that is %s is hung up on", async (fault) => {
    siteverify.plan(fault);
    await check();
    await expect.poll(() => siteverify.abandoned).toBe(1);
  });

  it("that redirects says nothing of the token: not a byte of it or of the secret goes elsewhere", async () => {
    const elsewhere: string[] = [];
    const plain = createServer((request, response) => {
      elsewhere.push(request.url ?? "");
      response.end(pass);
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const Location = `http://localhost:${(plain.address() as AddressInfo).port}/stolen`;
    for (const status of [301, 302, 303, 307, 308]) {
      siteverify.plan({ status, body: "", headers: { Location } });
      expect(await check()).toEqual({ kind: "unavailable", reason: `status_${status}` });
    }
    expect(elsewhere).toEqual([]);
    plain.closeAllConnections();
    await new Promise((resolve) => plain.close(resolve));
  });

  it("from a server whose certificate is for another host is not read, and nothing is sent", async () => {
    const tls = await (await testAuthority()).issue({ hosts: ["siteverify.example.com"] });
    const impostor = await startSiteverify({ secret, tls });
    expect(await check({}, { url: impostor.url })).toEqual({ kind: "unavailable", reason: "network" });
    expect(impostor.requests).toEqual([]);
    await impostor.close();
  });
});
