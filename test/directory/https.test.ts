import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DirectoryOptions } from "../../src/directory/https.ts";
import { createDirectory } from "../../src/directory/https.ts";
import { openAuthority } from "../../src/local/authority.ts";
import type { Directory, DirectoryReply } from "../harness/directory.ts";
import { isSigned, startDirectory } from "../harness/directory.ts";
import { testAuthority } from "../harness/upstreams.ts";

const secret = crypto.getRandomValues(new Uint8Array(32));
const query = { role: "driver", phone: "+919876543210", userId: "opaque", requestId: "request-1" };
const TIMEOUT_MS = 400;

let directory: Directory;
let now: number;
beforeAll(async () => {
  directory = await startDirectory({ secret, tls: await (await testAuthority()).issue(), now: () => now });
});
beforeEach(() => {
  now = Date.now();
  directory.plan(() => ({ record: { id: "u-1", name: "Asha" } }));
});
afterAll(() => directory.close());

function ask(options: Partial<DirectoryOptions> = {}, of = query) {
  const url = `${directory.url}/users`;
  return createDirectory({ url, secret, timeoutMs: TIMEOUT_MS, now: () => now, ...options })(of);
}

describe("the request to the directory", () => {
  it("is one POST of role, phone and opaque id, with the id of the request", async () => {
    expect(await ask()).toMatchObject({ kind: "record", record: { id: "u-1", name: "Asha" } });
    expect(directory.requests).toMatchObject([
      {
        method: "POST",
        path: "/users",
        body: '{"role":"driver","phone":"+919876543210","userId":"opaque"}',
        headers: { "content-type": "application/json", "x-request-id": "request-1" },
      },
    ]);
  });

  it("is signed over time, method, path with query, and body: one that is changed in any of them is not", async () => {
    await ask();
    const [request] = directory.requests;
    if (!request) throw new Error("nothing was asked");
    const seconds = now / 1000;
    const time = String(Math.floor(seconds));
    expect(request.headers).toMatchObject({
      "x-edge-otp-time": time,
      "x-edge-otp-signature": expect.stringMatching(/^v1=[0-9a-f]{64}$/) as string,
    });
    expect(isSigned(request, secret, seconds)).toBe(true);
    const later = { ...request.headers, "x-edge-otp-time": String(Number(time) + 1) };
    for (const changed of [
      { ...request, headers: later },
      { ...request, method: "PUT" },
      { ...request, path: "/users?all" },
      { ...request, body: request.body.replace("3210", "3211") },
    ]) {
      expect(isSigned(changed, secret, seconds)).toBe(false);
    }
  });

  it("is signed as its documentation computes it, with a known secret at a known time", async () => {
    now = 1_764_000_000_999;
    await ask({ secret: new Uint8Array(32).fill(7) });
    // printf '1764000000\nPOST\n/users\n{…}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…
    expect(directory.requests[0]?.headers).toMatchObject({
      "x-edge-otp-time": "1764000000",
      "x-edge-otp-signature": "v1=ad57ac32c3be5517fb7aaad22297a72a5763bb74b6e5c78d65c98fef5a057a03",
    });
  });

  it.each([
    ["/", "/"],
    ["", "/"],
    ["/users?", "/users"],
    ["/users/find?of=a%20b&x=%2F&x=&y", "/users/find?of=a%20b&x=%2F&x=&y"],
    ["/a/../users?q=é#", "/users?q=%C3%A9"],
  ])("to %j goes to the path that was signed", async (path, asked) => {
    expect(await ask({ url: directory.url + path })).toMatchObject({ kind: "record" });
    expect(directory.requests.map((request) => request.path)).toEqual([asked]);
  });

  it("is refused by the backend five minutes later, and when somebody else signed it", async () => {
    const refused = { kind: "unavailable", reason: "status_401" };
    const other = crypto.getRandomValues(new Uint8Array(32));
    expect(await ask({ secret: other })).toEqual(refused);
    expect(await ask({ now: () => now - 299_000 })).toMatchObject({ kind: "record" });
    expect(await ask({ now: () => now - 302_000 })).toEqual(refused);
    expect(await ask({ now: () => now + 302_000 })).toEqual(refused);
  });

  it("never throws, not even for a request id that no header can hold", async () => {
    expect(await ask({}, { ...query, requestId: "a\r\nb" })).toEqual({
      kind: "unavailable",
      reason: "network",
    });
    expect(directory.requests).toEqual([]);
  });
});

const secretWords = "hoax +919876543210";
const gzipped = gzipSync(JSON.stringify({ name: "A".repeat(1_000_000) }));

describe("an answer of the directory", () => {
  it("may say that the person is suspended", async () => {
    directory.plan(() => "suspended");
    expect(await ask()).toEqual({ kind: "suspended" });
  });

  it("of 404 is a person whom nobody knows yet", async () => {
    directory.plan(() => "unknown");
    expect(await ask()).toEqual({
      kind: "record",
      record: {
        id: null,
        name: null,
        email: null,
        company: null,
        isProfileComplete: false,
        preferredLanguage: null,
        isNewUser: true,
        createdAt: null,
        updatedAt: null,
        claims: {},
      },
    });
  });

  const faults: readonly (readonly [string, DirectoryReply, string])[] = [
    ["that never comes", "silent", "timeout"],
    ["whose body stalls", "stall_in_body", "timeout"],
    ["whose body breaks off", "cut_in_body", "broken_off"],
    ["whose connection breaks", "drop", "network"],
    ["of 500", { status: 500, body: secretWords }, "status_500"],
    [
      "of 500 whose body stalls",
      { status: 500, body: "x", headers: { "Content-Length": "40" } },
      "status_500",
    ],
    ["of 503 with a record in it", { status: 503, body: '{"id":"u-1"}' }, "status_503"],
    ["of 201", { status: 201, body: '{"id":"u-1"}' }, "status_201"],
    ["of 204", { status: 204, body: "" }, "status_204"],
    ["of 403", { status: 403, body: '{"suspended":true}' }, "status_403"],
    ["that is empty", { status: 200, body: "" }, "not_json"],
    ["that is not JSON", { status: 200, body: `<html>${secretWords}</html>` }, "not_json"],
    ["of a megabyte", { record: { name: "A".repeat(1_000_000) } }, "too_large"],
    ["of one byte too many", { status: 200, body: `"${"A".repeat(16 * 1024 - 1)}"` }, "too_large"],
    ["that is a list", { record: [{ id: "u-1" }] }, "field_none"],
  ];

  it.each(faults)("%s is unavailable, within the time-out, in one try", async (_, reply, reason) => {
    directory.plan(() => reply);
    const startedAt = Date.now();
    expect(await ask()).toEqual({ kind: "unavailable", reason });
    expect(Date.now() - startedAt).toBeLessThan(TIMEOUT_MS + 300);
    expect(directory.requests.length).toBe(1);
  });

  it.each(["silent", "stall_in_body"] as const)("that is %s is hung up on", async (reply) => {
    directory.plan(() => reply);
    await ask();
    await expect.poll(() => directory.abandoned).toBe(1);
  });

  it("that grows when it is unpacked is unavailable", async () => {
    directory.plan(() => ({
      status: 200,
      body: gzipped,
      headers: { "Content-Encoding": "gzip" },
    }));
    expect(await ask()).toEqual({ kind: "unavailable", reason: "too_large" });
  });

  it("that redirects is unavailable: not a byte goes elsewhere", async () => {
    const elsewhere: string[] = [];
    const plain = createServer((request, response) => {
      elsewhere.push(request.url ?? "");
      response.end("{}");
    });
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const Location = `http://localhost:${(plain.address() as AddressInfo).port}/stolen`;
    for (const status of [301, 302, 303, 307, 308]) {
      directory.plan(() => ({ status, body: "", headers: { Location } }));
      expect(await ask()).toEqual({ kind: "unavailable", reason: `status_${status}` });
    }
    expect(elsewhere).toEqual([]);
    plain.closeAllConnections();
    await new Promise((resolve) => plain.close(resolve));
  });

  it("that comes after others have failed is taken: nothing is remembered", async () => {
    directory.plan(() => "silent");
    await ask();
    directory.plan(() => ({ record: {} }));
    expect(await ask()).toMatchObject({ kind: "record", record: { id: null, isNewUser: false } });
  });
});

describe("a directory that nobody runs", () => {
  it("is unavailable", async () => {
    const gone = await startDirectory({ secret, tls: await (await testAuthority()).issue() });
    await gone.close();
    expect(await ask({ url: gone.url })).toEqual({ kind: "unavailable", reason: "network" });
  });
});

const day = 86_400_000;
const from = (days: number) => new Date(Date.now() + days * day);

describe("a certificate of the directory", () => {
  it.each([
    ["that has expired", { notBefore: from(-30), notAfter: from(-1) }],
    ["that is not valid yet", { notBefore: from(1), notAfter: from(30) }],
    ["for another host", { hosts: ["users.example.com"] }],
    ["from an authority that is not trusted", null],
  ])("%s is refused, and no request leaves", async (_, certificate) => {
    const stranger = await mkdtemp(join(tmpdir(), "edge-otp-untrusted-"));
    const authority = certificate === null ? await openAuthority(stranger) : await testAuthority();
    const impostor = await startDirectory({ secret, tls: await authority.issue(certificate ?? {}) });
    expect(await ask({ url: impostor.url })).toEqual({ kind: "unavailable", reason: "network" });
    expect(impostor.requests).toEqual([]);
    await impostor.close();
    await rm(stranger, { recursive: true });
  });
});
