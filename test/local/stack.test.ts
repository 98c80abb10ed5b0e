import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCaBundle } from "../../src/local/ca-bundle.ts";
import { listenLoopback } from "../../src/local/loopback.ts";
import { startStack } from "../../src/local/stack.ts";
import { parseSigningKeys } from "../../src/tokens/keys.ts";
import { request } from "./request.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "edge-otp-stack-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("the local stack", () => {
  it("gives the Worker every binding, with upstreams that answer over verified TLS", async () => {
    const stack = await startStack({ directory });
    const { bindings } = stack;
    expect(Object.keys(bindings)).toEqual([
      "UPSTASH_REDIS_REST_URL",
      "UPSTASH_REDIS_REST_TOKEN",
      "ID_SECRET",
      "OTP_SECRET",
      "SIGNING_KEYS",
      "ISSUER",
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "SNS_ENDPOINT",
      "ENVIRONMENT",
    ]);
    for (const name of ["ID_SECRET", "OTP_SECRET"])
      expect(Buffer.from(bindings[name] ?? "", "base64url")).toHaveLength(32);
    expect(bindings["SNS_ENDPOINT"]).toMatch(/^https:\/\/localhost:\d+\/\{region\}$/);
    const headers = { authorization: `Bearer ${bindings["UPSTASH_REDIS_REST_TOKEN"]}` };
    const ca = await readFile(stack.caPath, "utf8");
    expect((await request(`${stack.redisUrl}/ping`, { ca, headers })).text).toBe('{"result":"PONG"}');
    await stack.close();
    await expect(request(`${stack.redisUrl}/ping`, { ca, headers })).rejects.toMatchObject({
      code: "ECONNREFUSED",
    });
  });

  it("keeps its secrets from one start to the next, and from other users", async () => {
    const first = await startStack({ directory });
    await first.close();
    const second = await startStack({ directory });
    await second.close();
    expect(second.bindings["ID_SECRET"]).toBe(first.bindings["ID_SECRET"]);
    expect((await stat(join(directory, "secrets.json"))).mode & 0o777).toBe(0o600);
  });

  it("adds signing keys to the secrets of an older version, and changes none of those", async () => {
    const first = await startStack({ directory });
    await first.close();
    const path = join(directory, "secrets.json");
    const { signingKeys: _, ...older } = JSON.parse(await readFile(path, "utf8")) as Record<string, string>;
    await writeFile(path, JSON.stringify(older));
    const second = await startStack({ directory });
    await second.close();
    const third = await startStack({ directory });
    await third.close();
    expect(second.bindings["ID_SECRET"]).toBe(first.bindings["ID_SECRET"]);
    expect(await parseSigningKeys(second.bindings["SIGNING_KEYS"])).toHaveProperty("jwks");
    expect(third.bindings["SIGNING_KEYS"]).toBe(second.bindings["SIGNING_KEYS"]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it("can be as far away as production is", async () => {
    const stack = await startStack({ directory, distances: { store: 60 } });
    const headers = { authorization: `Bearer ${stack.bindings["UPSTASH_REDIS_REST_TOKEN"]}` };
    const ca = await readFile(stack.caPath, "utf8");
    const startedAt = performance.now();
    expect((await request(`${stack.redisUrl}/ping`, { ca, headers })).text).toBe('{"result":"PONG"}');
    expect(performance.now() - startedAt).toBeGreaterThan(55);
    await stack.close();
  });

  it("names a port that is in use, and takes another", async () => {
    const holder = await listenLoopback(() => createServer(), {});
    const notices: string[] = [];
    const stack = await startStack({
      directory,
      ports: { inbox: holder.port },
      onNotice: (line) => notices.push(line),
    });
    const { port } = new URL(stack.inboxUrl);
    expect(Number(port)).not.toBe(holder.port);
    expect(notices).toEqual([`Port ${holder.port} is in use; the inbox is at ${port} instead.`]);
    await stack.close();
    await holder.close();
  });

  it.each([
    ["redis://127.0.0.1:1", "The Redis at 127.0.0.1:1 (REDIS_URL) cannot be reached."],
    ["http://127.0.0.1:1", "REDIS_URL must be redis://host:port or rediss://host:port."],
    ["nonsense", "REDIS_URL must be redis://host:port or rediss://host:port."],
  ])("does not start on the Redis %s", async (redisUrl, message) => {
    await expect(startStack({ directory, redisUrl })).rejects.toThrow(message);
  });
});

describe("the certificates that wrangler is told to trust", () => {
  it("are the authority's, beside those that were trusted before", async () => {
    const stack = await startStack({ directory });
    await stack.close();
    expect(await openCaBundle(directory, stack.caPath, undefined)).toBe(stack.caPath);
    const other = await startStack({ directory: join(directory, "other") });
    await other.close();
    const bundle = await readFile(await openCaBundle(directory, stack.caPath, other.caPath), "utf8");
    for (const path of [stack.caPath, other.caPath]) expect(bundle).toContain(await readFile(path, "utf8"));
  });
});
