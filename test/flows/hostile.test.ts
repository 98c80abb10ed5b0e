import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

const send = "/api/v1/auth/send-otp";
const verify = "/api/v1/auth/verify-otp";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
beforeEach(() => {
  service.store.reset();
  service.sns.reset();
});
afterAll(() => service.close());

function expectRefusal({ status, headers, body }: Answer, expected: readonly [number, string]): void {
  expect([status, body.error?.["code"]]).toEqual(expected);
  expect(body.success).toBe(false);
  expect(headers.get("content-type")).toContain("application/json");
  expect(body.error?.["requestId"]).toBe(headers.get("x-request-id"));
  expect(typeof body.error?.["message"]).toBe("string");
}

const fieldsOf = ({ body }: Answer) => (body.error?.["fields"] as { path: string }[]).map(({ path }) => path);

describe("a path of an asterisk", () => {
  it.each(["/*", "/%2A"])("(%s) is refused once, and logged once", async (path) => {
    const before = service.logs.length;
    const answer = await service.request(path, { headers: { "X-Request-Id": "asterisk" } });
    expectRefusal(answer, [404, "NOT_FOUND"]);
    expect(answer.headers.get("x-request-id")).toBe("asterisk");
    await expect.poll(() => service.logs.length).toBeGreaterThan(before);
    await service.request("/health");
    await expect
      .poll(() => service.logs.slice(before).map(({ route }) => route))
      .toEqual(["none", "/health"]);
  });
});

describe("a wrong type", () => {
  it.each([
    [send, {}, ["phone"]],
    [send, { phone: 9876543210 }, ["phone"]],
    [send, { phone: null }, ["phone"]],
    [send, { phone: ["9876543210"] }, ["phone"]],
    [send, { phone: { toString: "9876543210" } }, ["phone"]],
    [send, { phone: "" }, ["phone"]],
    [send, { phone: "9876543210", role: 7 }, ["role"]],
    [send, { phone: "9876543210", role: "admin" }, ["role"]],
    [send, { phone: "9876543210", role: "__proto__" }, ["role"]],
    [send, { phone: "9876543210", app: "constructor" }, ["app"]],
    [send, { phone: "9876543210", role: "customer", app: "driver" }, ["app"]],
    [send, { phone: "9876543210", locale: {} }, ["locale"]],
    [send, { phone: "9876543210", locale: "no such locale!" }, ["locale"]],
    [send, { phone: true, role: false, locale: 1 }, ["phone", "role", "locale"]],
    [verify, { phone: "9876543210" }, ["otp"]],
    [verify, { phone: "9876543210", otp: 123456 }, ["otp"]],
    [verify, { phone: "9876543210", otp: "12345" }, ["otp"]],
    [verify, { phone: "9876543210", otp: "12a456" }, ["otp"]],
    [verify, { phone: "9876543210", otp: "123456", challengeId: 1 }, ["challengeId"]],
    [verify, { phone: "9876543210", otp: "123456", deviceId: {} }, ["deviceId"]],
  ] as const)("to %s %j is refused by field name", async (path, body, fields) => {
    const answer = await service.post(path, body);
    expectRefusal(answer, [400, "INVALID_REQUEST"]);
    expect(fieldsOf(answer)).toEqual(fields);
    expect(service.store.exchanges.length).toBe(0);
  });
});

describe("a body", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "phone=9876543210"],
    ["half of it", '{"phone":"98765'],
    ["null", "null"],
    ["a list", '["9876543210"]'],
    ["a text", '"9876543210"'],
    ["a number", "9876543210"],
    ["NaN", '{"phone":NaN}'],
    ["a comment", '{"phone":"9876543210"/**/}'],
    ["deep lists", `${"[".repeat(8000)}${"]".repeat(8000)}`],
    ["deep objects", `${'{"a":'.repeat(2500)}1${"}".repeat(2500)}`],
    ["a repeated field", '{"phone":"9876543210","phone":"9876543211"}'],
    ["a repeated field, once escaped", '{"phone":"9876543210","\\u0070hone":"9876543211"}'],
    ["two documents", '{"phone":"9876543210"}{"phone":"9876543210"}'],
  ])("of %s is INVALID_REQUEST", async (_, body) => {
    expectRefusal(await service.post(send, body), [400, "INVALID_REQUEST"]);
    expect(service.store.exchanges.length).toBe(0);
  });

  it("that is not UTF-8 is INVALID_REQUEST", async () => {
    const body = Buffer.concat([Buffer.from('{"phone":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await service.request(send, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    expectRefusal(answer, [400, "INVALID_REQUEST"]);
  });

  it.each([
    ["a lone surrogate", '{"phone":"\\ud800"}'],
    ["a lone surrogate among digits", '{"phone":"98765\\udc0043210"}'],
    ["a null character", '{"phone":"9876543210\\u0000"}'],
  ])("with %s as the number is INVALID_PHONE", async (_, body) => {
    expectRefusal(await service.post(send, body), [400, "INVALID_PHONE"]);
  });

  it("with prototype keys and unknown fields is read without them", async () => {
    const phone = freshPhone();
    const body = `{"__proto__":{"role":"admin"},"constructor":{"prototype":{"x":1}},"phone":"${phone}","extra":[1,2]}`;
    expect((await service.post(send, body)).status).toBe(200);
  });

  it("of more than 16 KiB is BODY_TOO_LARGE, whatever it declares", async () => {
    const large = JSON.stringify({ phone: "9876543210", extra: "x".repeat(1_000_000) });
    expectRefusal(await service.post(send, large), [413, "BODY_TOO_LARGE"]);
    expectRefusal(await service.post(send, JSON.stringify({ extra: "x".repeat(16_384) })), [
      413,
      "BODY_TOO_LARGE",
    ]);
    expectRefusal(await postChunked(large), [413, "BODY_TOO_LARGE"]);
  });

  it("that is too large is heard to its end, so that its sender hears the answer, and the next one too", async () => {
    const large = JSON.stringify({ extra: "x".repeat(1_000_000) });
    for (let round = 0; round < 200; round += 1) {
      expectRefusal(await service.post(send, large), [413, "BODY_TOO_LARGE"]);
      expectRefusal(await service.post(send, "{}"), [400, "INVALID_REQUEST"]);
    }
  });

  it("of just 16 KiB is read", async () => {
    const frame = JSON.stringify({ phone: "123", extra: "" });
    const body = JSON.stringify({ phone: "123", extra: "x".repeat(16_384 - frame.length) });
    expectRefusal(await service.post(send, body), [400, "INVALID_PHONE"]);
  });
});

/** Declares no length. */
function postChunked(body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "Transfer-Encoding": "chunked" };
    const request = httpRequest(service.url + send, { method: "POST", headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const names = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers(names as [string, string][]),
          body: JSON.parse(text) as Answer["body"],
        });
      });
    });
    request.on("error", reject);
    for (let offset = 0; offset < body.length; offset += 4096)
      request.write(body.slice(offset, offset + 4096));
    request.end();
  });
}

describe("a content type", () => {
  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/jsonp",
    "application/json5",
    "json",
  ])("of %s is UNSUPPORTED_MEDIA_TYPE", async (type) => {
    expectRefusal(await service.post(send, { phone: "9876543210" }, { "Content-Type": type }), [
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ]);
  });

  it.each(["application/json", "application/json;charset=utf-8", "APPLICATION/JSON ; charset=UTF-8"])(
    "of %s is read",
    async (type) => {
      expectRefusal(await service.post(send, { phone: "1" }, { "Content-Type": type }), [
        400,
        "INVALID_PHONE",
      ]);
    },
  );
});

describe("a method", () => {
  it.each([
    ["GET", send, "POST"],
    ["PUT", send, "POST"],
    ["DELETE", verify, "POST"],
    ["OPTIONS", verify, "POST"],
    ["POST", "/health", "GET, HEAD"],
    ["PATCH", "/ready", "GET, HEAD"],
  ])("%s on %s is METHOD_NOT_ALLOWED, and Allow says %s", async (method, path, allow) => {
    const answer = await service.request(path, { method });
    expectRefusal(answer, [405, "METHOD_NOT_ALLOWED"]);
    expect(answer.headers.get("allow")).toBe(allow);
  });

  it.each([
    "/",
    "/api/v1/auth",
    `${send}/`,
    "/api/v1/auth/send-otp%2f",
    "/API/V1/AUTH/SEND-OTP",
    "/../../etc/passwd",
    "/+919876543210",
  ])("on %s is NOT_FOUND", async (path) => {
    expectRefusal(await service.request(path, { method: "POST" }), [404, "NOT_FOUND"]);
  });
});

describe("an X-Request-Id", () => {
  it("is echoed if it is sane, else made", async () => {
    const echoed = await service.request("/health", { headers: { "X-Request-Id": "trace-1.2:3" } });
    expect(echoed.headers.get("x-request-id")).toBe("trace-1.2:3");
    const made = await service.request("/health", { headers: { "X-Request-Id": "<script>" } });
    expect(made.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });
});
