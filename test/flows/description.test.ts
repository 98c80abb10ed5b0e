import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { description, violations } from "../harness/description.ts";
import type { Service } from "../harness/service.ts";
import { startService } from "../harness/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.close());

/** As the document says it, whatever its type. */
async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(service.url + path, init);
  const { status, headers } = answer;
  const text = await answer.text();
  const { method = "GET" } = init;
  expect(violations({ method, path, status, headers, text })).toEqual([]);
  return { status, headers, text };
}

describe("GET /openapi.json", () => {
  it("is the document, at the service's own address", async () => {
    const { status, headers, text } = await ask("/openapi.json");
    expect([status, headers.get("Content-Type")]).toEqual([200, "application/json"]);
    const servers = [{ url: service.bindings["ISSUER"] }];
    expect(JSON.parse(text)).toEqual({ ...description, servers });
  });

  it("may be cached, and answers 304 to who has it", async () => {
    const { headers } = await ask("/openapi.json");
    expect(headers.get("Cache-Control")).toBe("public, max-age=300");
    const etag = headers.get("ETag") ?? "";
    const again = await ask("/openapi.json", { headers: { "If-None-Match": etag } });
    expect([again.status, again.text, again.headers.get("ETag")]).toEqual([304, "", etag]);
    expect((await ask("/openapi.json", { headers: { "If-None-Match": '"other"' } })).status).toBe(200);
  });

  it("answers HEAD, and no other method", async () => {
    expect(await ask("/openapi.json", { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
    const { status, headers } = await service.post("/openapi.json", {});
    expect([status, headers.get("Allow")]).toEqual([405, "GET, HEAD"]);
  });

  it("asks no upstream", async () => {
    const before = service.store.exchanges.length;
    await ask("/openapi.json");
    await ask("/docs");
    expect(service.store.exchanges.length).toBe(before);
  });
});

describe("GET /docs without static files beside the Worker", () => {
  it("lists the operations, and leads to the document", async () => {
    const { status, headers, text } = await ask("/docs");
    expect([status, headers.get("Content-Type")]).toEqual([200, "text/html; charset=UTF-8"]);
    expect(text).toContain('<a href="openapi.json">');
    for (const [path, methods] of Object.entries(description.paths)) {
      for (const method of Object.keys(methods))
        expect(text).toContain(`<td>${method.toUpperCase()}<td><code>${path}</code>`);
    }
  });

  it("loads nothing and runs nothing", async () => {
    const { headers, text } = await ask("/docs");
    expect(text).not.toMatch(/<script|<link|src=|https?:/);
    expect(headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; script-src 'nonce-/);
  });

  it("has no viewer to hand out", async () => {
    for (const file of ["viewer.js", "viewer.css", "nothing", "..%2findex.js"])
      expect((await service.request(`/docs/${file}`)).body.error?.["code"]).toBe("NOT_FOUND");
  });

  it("logs the pattern of what was asked for, not the path", async () => {
    await service.request("/docs/9876543210");
    await expect.poll(() => service.logs.map((line) => line["route"])).toContain("/docs/:file");
    expect(JSON.stringify(service.logs)).not.toContain("9876543210");
  });
});
