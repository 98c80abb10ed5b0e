import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isOwnPage } from "../../src/routes/own-pages.ts";
import type { Service } from "../harness/service.ts";
import { APPS, freshPhone, startService } from "../harness/service.ts";

const PAGE = "https://app.example.com";
const send = "/api/v1/auth/send-otp";

let service: Service;
beforeAll(async () => {
  const customer = { ...APPS.customer, webDomain: "app.example.com" };
  service = await startService({ APPS: { ...APPS, customer } });
});
afterAll(() => service.close());

function preflight(origin: string, path = send) {
  const headers = {
    Origin: origin,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type,idempotency-key",
  };
  // No method of the API, so that its description has nothing of it.
  return fetch(service.url + path, { method: "OPTIONS", headers });
}

describe("a role's own page", () => {
  it("may ask before it calls, with the headers that the API reads", async () => {
    const { status, headers } = await preflight(PAGE);
    expect([status, headers.get("access-control-allow-origin")]).toEqual([204, PAGE]);
    expect(headers.get("access-control-allow-methods")).toBe("GET,POST,DELETE");
    expect(headers.get("access-control-allow-headers")).toMatch(/Authorization,Content-Type,Idempotency-Key/);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toContain("Origin");
    expect(headers.get("x-request-id")).not.toBeNull();
  });

  it("reads answers and refusals, and the headers that tell it how long to wait", async () => {
    const phone = freshPhone();
    const headers = { Origin: PAGE };
    const answers = [
      await service.sendOtp({ phone }, headers),
      await service.sendOtp({ phone }, headers),
      await service.request("/nowhere", { headers }),
      await service.request("/api/v1/auth/me", { headers }),
      await service.request("/.well-known/jwks.json", { headers }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 429, 404, 401, 200]);
    for (const answer of answers) {
      expect(answer.headers.get("access-control-allow-origin")).toBe(PAGE);
      expect(answer.headers.get("access-control-expose-headers")).toContain("Retry-After");
      expect(answer.headers.get("vary")).toContain("Origin");
    }
  });
});

describe("any other page", () => {
  it.each([
    "https://evil.example",
    "http://app.example.com",
    "https://app.example.com:8443",
    "https://app.example.com.evil.example",
    "null",
  ])("(%s) may not", async (origin) => {
    expect((await preflight(origin)).status).toBe(405);
    const answer = await service.sendOtp({ phone: freshPhone() }, { Origin: origin });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("access-control-allow-origin")).toBeNull();
    expect(answer.headers.get("vary")).toContain("Origin");
  });
});

describe("a page's origin", () => {
  const hosts = new Set(["app.example.com", "localhost"]);

  it.each([PAGE, "http://localhost:5173", "https://localhost"])("%s is of a role", (origin) => {
    expect(isOwnPage(origin, hosts)).toBe(true);
  });

  it.each([
    "",
    "app.example.com",
    "ftp://app.example.com",
    "ftp://localhost",
    "https://example.com",
    "https://evil.example@app.example.com",
    "https://app.example.com/x",
  ])("%j is not", (origin) => {
    expect(isOwnPage(origin, hosts)).toBe(false);
  });
});
