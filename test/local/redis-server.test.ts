import { Redis } from "@upstash/redis/cloudflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { embeddedBackend, type RedisBackend } from "../../src/local/redis/backend.ts";
import { createEngine } from "../../src/local/redis/engine.ts";
import { startRedis, type RedisServer } from "../../src/local/redis/server.ts";
import { openTestAuthority, request, type Answer, type Asked } from "./request.ts";

const token = "a-token-for-tests";
let ca: string;
let server: RedisServer;

beforeAll(async () => {
  const authority = await openTestAuthority();
  ca = authority.caPem;
  server = await startRedis({
    backend: embeddedBackend(createEngine()),
    token,
    tls: await authority.issue(),
  });
});
afterAll(() => server.close());

const ask = (path: string, body: string, asked: Asked = {}): Promise<Answer> => {
  const headers = { authorization: `Bearer ${token}`, ...asked.headers };
  return request(`${server.url}${path}`, { method: "POST", ca, body, ...asked, headers });
};

const client = (): Redis =>
  new Redis({
    url: server.url,
    token,
    retry: { retries: 0 },
    automaticDeserialization: false,
    enableAutoPipelining: false,
    enableTelemetry: false,
  });

describe("the Redis front, asked by @upstash/redis", () => {
  it("gives back what was stored, letter for letter", async () => {
    const values = ["OK", "कोड 123456", "012345", '{"a":1}', "", "line\nbreak"];
    for (const [index, value] of values.entries()) {
      await client().set(`letter:${index}`, value);
      expect(await client().get(`letter:${index}`)).toBe(value);
    }
    expect(await client().mget(...values.map((_, index) => `letter:${index}`))).toEqual(values);
  });

  it("runs a transaction, and reports each command by itself", async () => {
    const transaction = client().multi();
    transaction.hset("tx", { seed: "one" });
    transaction.incr("tx");
    transaction.hgetall("tx");
    const replies = await transaction.exec({ keepErrors: true });
    expect(replies[0]).toMatchObject({ result: 1 });
    expect(replies[1]?.error).toMatch(/^WRONGTYPE/);
    expect(replies[2]).toMatchObject({ result: ["seed", "one"] });
  });
});

describe("the Redis front, on the wire", () => {
  it("answers in plain JSON unless base64 is asked for", async () => {
    const commands =
      '[["SET","wire","é"],["GET","wire"],["MGET","wire","nil"],["HSET","h","OK","OK"],["HGETALL","h"],["INCR","n"]]';
    const plain = await ask("/pipeline", commands);
    expect(JSON.parse(plain.text)).toEqual([
      { result: "OK" },
      { result: "é" },
      { result: ["é", null] },
      { result: 1 },
      { result: ["OK", "OK"] },
      { result: 1 },
    ]);
    const encoded = await ask("/multi-exec", commands, { headers: { "upstash-encoding": "base64" } });
    expect(JSON.parse(encoded.text)).toEqual([
      { result: "OK" },
      { result: "w6k=" },
      { result: ["w6k=", null] },
      { result: 0 },
      { result: ["T0s=", "T0s="] },
      { result: 2 },
    ]);
  });

  it("takes numbers for the texts that they print", async () => {
    expect((await ask("/", '["SET","number",1.5]')).text).toBe('{"result":"OK"}');
    expect((await ask("/", '["get","number"]')).text).toBe('{"result":"1.5"}');
  });

  it("reads a command from the path of a GET", async () => {
    await ask("/", '["SET","by path","yes"]');
    expect(await ask("/get/by%20path", "", { method: "GET" })).toMatchObject({
      status: 200,
      text: '{"result":"yes"}',
    });
  });

  it.each([
    ["a failing command", ["/", '["INCRBY","a","x"]'], "ERR value is not an integer or out of range"],
    [
      "an unknown command",
      ["/", '["EVAL","x","0"]'],
      "ERR unknown command 'EVAL', with args beginning with: 'x' '0' ",
    ],
    [
      "a transaction that cannot be queued",
      ["/multi-exec", '[["SET","a","1"],["WATCH","a"]]'],
      "EXECABORT Transaction discarded because of previous errors.",
    ],
    ["no JSON", ["/", "GET a"], 'ERR the body must be a command: ["GET","key"]'],
    ["an object for an argument", ["/", '["SET","a",{}]'], 'ERR the body must be a command: ["GET","key"]'],
    ["an empty list", ["/pipeline", "[]"], 'ERR the body must be a list of commands: [["GET","key"]]'],
    ["one command for a list", ["/multi-exec", '["GET","a"]'], "ERR command 0 of the list is not a command"],
  ])("refuses %s by name", async (_name, [path = "", body = ""], error) => {
    const answer = await ask(path, body);
    expect({ status: answer.status, ...JSON.parse(answer.text) }).toEqual({ status: 400, error });
  });

  it("knows no other paths", async () => {
    for (const method of ["GET", "POST"]) {
      expect((await ask("/nothing/here", "", { method })).status).toBe(404);
    }
  });

  it("refuses a GET where commands are posted", async () => {
    expect((await ask("/multi-exec", "", { method: "GET" })).status).toBe(405);
  });

  it.each(["", "Bearer wrong", token, "Basic abc"])("refuses the authorization %j", async (authorization) => {
    const answer = await ask("/", '["PING"]', { headers: { authorization } });
    expect(answer).toMatchObject({
      status: 401,
      text: '{"error":"WRONGPASS invalid or missing auth token"}',
    });
  });

  it("refuses more than a mebibyte", async () => {
    const answer = await ask("/", JSON.stringify(["SET", "big", "x".repeat(1024 * 1024)]));
    expect(answer.status).toBe(413);
  });

  it("answers on both loopback addresses where the machine has both", async () => {
    for (const host of ["127.0.0.1", "[::1]"]) {
      const url = `https://${host}:${server.port}/ping`;
      const answer = await request(url, { ca, headers: { authorization: `Bearer ${token}` } });
      expect(answer.text).toBe('{"result":"PONG"}');
    }
  });

  it("does not speak plain HTTP", async () => {
    await expect(request(`http://localhost:${server.port}/ping`)).rejects.toThrow("socket hang up");
  });

  it("says so when the Redis behind it is gone, without its words", async () => {
    const gone: RedisBackend = {
      single: () => Promise.reject(new Error("secret")),
      transaction: () => Promise.reject(new Error("secret")),
      close: () => Promise.resolve(),
    };
    const tls = await (await openTestAuthority()).issue();
    const front = await startRedis({ backend: gone, token, tls });
    const headers = { authorization: `Bearer ${token}` };
    const answer = await request(`${front.url}/ping`, { ca, headers });
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain("secret");
    await front.close();
  });
});
