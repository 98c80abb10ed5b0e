import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { request as open } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listenLoopback, type Listener } from "../../src/local/loopback.ts";
import { createInbox } from "../../src/local/page/inbox.ts";
import { startPage, type PageServer } from "../../src/local/page/server.ts";
import { request } from "./request.ts";

let heard: IncomingMessage[];
let respond: (request: IncomingMessage, response: ServerResponse) => void;
let service: Listener;
let page: PageServer;

beforeEach(async () => {
  heard = [];
  respond = (_, response) => response.end("{}");
  service = await listenLoopback(
    () =>
      createServer((asked, response) => {
        heard.push(asked);
        respond(asked, response);
      }),
    {},
  );
  page = await startPage({ inbox: createInbox(), serviceUrl: `http://localhost:${service.port}` });
});
afterEach(async () => {
  await page.close();
  await service.close();
});

describe("the page's way to the service", () => {
  it.each([
    ["with a length", { "content-length": "15" }],
    ["in chunks", { "transfer-encoding": "chunked" }],
  ])(
    "passes on method, path, query, headers and a body %s, and the answer as it is",
    async (_name, framing) => {
      respond = (asked, response) => {
        const chunks: Buffer[] = [];
        asked.on("data", (chunk: Buffer) => chunks.push(chunk));
        asked.on("end", () => {
          response.writeHead(429, { "retry-after": "7", "x-request-id": "r1", "content-type": "text/x" });
          response.end(Buffer.concat(chunks));
        });
      };
      const answer = await request(`${page.url}/api/v1/auth/sessions/1?a=%20b`, {
        method: "DELETE",
        headers: {
          ...framing,
          "content-type": "application/json",
          "idempotency-key": "k1",
          authorization: "Bearer t",
          "user-agent": "a browser",
        },
        body: '{"phone":"९"}',
      });
      expect([answer.status, answer.text]).toEqual([429, '{"phone":"९"}']);
      expect(answer.headers).toMatchObject({
        "retry-after": "7",
        "x-request-id": "r1",
        "content-type": "text/x",
      });
      expect([heard[0]?.method, heard[0]?.url]).toEqual(["DELETE", "/api/v1/auth/sessions/1?a=%20b"]);
      expect(heard[0]?.headers).toMatchObject({
        "content-type": "application/json",
        "idempotency-key": "k1",
        authorization: "Bearer t",
        "user-agent": "a browser",
        host: `localhost:${service.port}`,
      });
    },
  );

  it("says nothing of who is calling, and passes on nothing of one connection or of other local sites", async () => {
    const unwanted = {
      "cf-connecting-ip": "1.2.3.4",
      "cf-ipcountry": "IN",
      "x-forwarded-for": "1.2.3.4",
      "x-real-ip": "1.2.3.4",
      "true-client-ip": "1.2.3.4",
      forwarded: "for=1.2.3.4",
      cookie: "other=site",
      connection: "x-hop",
      "x-hop": "1",
    };
    await request(`${page.url}/api/v1/auth/me`, { headers: unwanted });
    const { connection: _, ...others } = unwanted;
    expect(heard).toHaveLength(1);
    for (const name of Object.keys(others)) expect(heard[0]?.headers).not.toHaveProperty(name);
    expect(heard[0]?.headers.connection).not.toContain("x-hop");
  });

  it("streams: the head and each part of an answer as they come", async () => {
    let finish = (): void => undefined;
    respond = (_, response) => {
      response.write("one ");
      finish = () => void response.end("two");
    };
    const text = await new Promise<string>((resolve, reject) => {
      open(`${page.url}/api/v1/auth/me`, { agent: false }, (answer) => {
        let received = "";
        answer.on("data", (chunk: Buffer) => {
          received += String(chunk);
          // The rest is sent only when this part has arrived.
          if (received === "one ") finish();
        });
        answer.on("end", () => resolve(received));
      })
        .on("error", reject)
        .end();
    });
    expect(text).toBe("one two");
  });

  it("says that the service does not answer", async () => {
    await service.close();
    const answer = await request(`${page.url}/api/v1/auth/me`);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      502,
      { error: `The service at http://localhost:${service.port} does not answer` },
    ]);
  });

  it("breaks off where the service does", async () => {
    respond = (_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    await expect(request(`${page.url}/api/v1/auth/me`)).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  it("leaves the service alone when the browser has gone", async () => {
    const gone = new Promise<string>((resolve) => {
      respond = (asked) => {
        asked.socket.on("close", () => resolve("gone"));
        left.destroy();
      };
    });
    const left = open(`${page.url}/api/v1/auth/me`, { agent: false }).on("error", () => undefined);
    left.end();
    expect(await gone).toBe("gone");
  });

  it("leads to the service's API alone, and from this machine's names only", async () => {
    expect((await request(`${page.url}/health`)).status).toBe(404);
    expect((await request(`${page.url}/api/../ready`)).status).toBe(404);
    const rebound = await request(`${page.url}/api/v1/auth/me`, { headers: { host: "evil.example" } });
    expect(rebound.status).toBe(403);
    expect(heard).toEqual([]);
  });

  it.each([
    "https://auth.example.com",
    "http://auth.example.com",
    "http://10.0.0.1:8787",
    "https://localhost",
  ])("is not made to %s", async (serviceUrl) => {
    await expect(startPage({ inbox: createInbox(), serviceUrl })).rejects.toThrow(
      "The service must be at http://localhost.",
    );
  });
});
