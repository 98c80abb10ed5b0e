import { mkdtemp, rm } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { listenLoopback, type Listener } from "../../src/local/loopback.ts";
import { createSigningKey } from "../../src/local/signing-key.ts";
import { buildBundle } from "../harness/bundle.ts";
import { claims, createIssuer, readSigningKeys } from "../harness/tokens.ts";
import { testAuthority } from "../harness/upstreams.ts";

const key = await createSigningKey();
const { jwks } = await readSigningKeys({ keys: [key] });

let directory: string;
let listener: Listener;
let issuer: string;
let waiting: ServerResponse[];
let respond: (response: ServerResponse) => void;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "edge-otp-protected-"));
  const tls = await (await testAuthority()).issue();
  listener = await listenLoopback(() => createServer(tls, (_, response) => respond(response)), {});
  issuer = `https://localhost:${listener.port}`;
});
beforeEach(() => {
  waiting = [];
  respond = answer;
});
afterAll(async () => {
  await listener.close();
  await rm(directory, { recursive: true });
});

const answer = (response: ServerResponse): void => void response.end(JSON.stringify(jwks));

/** In workerd, with no keys fetched yet. */
async function startWorker() {
  const path = await buildBundle(directory, "test/harness/protected-worker.ts");
  const options = convertV4MiniflareOptions({
    modules: [{ type: "ESModule", path }],
    modulesRoot: "/",
    compatibilityDate: "2026-10-20",
    bindings: { ISSUER: issuer },
  });
  const miniflare = new Miniflare(options);
  const url = await miniflare.ready;
  const at = { audience: "customer", lifetimeSeconds: 900, now: Date.now() };
  const token = await (await createIssuer(issuer, [key])).sign(claims, at);
  const ask = async (): Promise<number> => {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    await response.text();
    return response.status;
  };
  return { ask, close: () => miniflare.dispose() };
}

describe("phoneAuth in workerd", () => {
  it("lets a crowd in that comes before the keys do, and keeps them", async () => {
    const { ask, close } = await startWorker();
    respond = (response) => void waiting.push(response);
    const crowd = Array.from({ length: 5 }, ask);
    await expect.poll(() => waiting.length).toBe(5);
    for (const response of waiting) answer(response);
    expect(await Promise.all(crowd)).toEqual([200, 200, 200, 200, 200]);
    expect(await ask()).toBe(200);
    expect(waiting).toHaveLength(5);
    await close();
  });

  it("lets no request wait for the keys that another one asked for", async () => {
    const { ask, close } = await startWorker();
    respond = (response) => void waiting.push(response);
    const first = ask();
    await expect.poll(() => waiting.length).toBe(1);
    respond = answer;
    expect(await ask()).toBe(200);
    expect(await first).toBe(503);
    expect(await ask()).toBe(200);
    await close();
  });

  it("follows no redirect", async () => {
    const { ask, close } = await startWorker();
    respond = (response) => {
      waiting.push(response);
      response.writeHead(302, { Location: `${issuer}/stolen` }).end();
    };
    expect(await ask()).toBe(503);
    expect(waiting).toHaveLength(1);
    await close();
  });
});
