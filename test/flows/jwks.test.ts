import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Hono } from "hono";
import type { PrivateJwk } from "../../src/local/signing-key.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { phoneAuth } from "../../src/middleware.ts";
import type { Service } from "../harness/service.ts";
import { startService } from "../harness/service.ts";
import { claims, createIssuer } from "../harness/tokens.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

const path = "/.well-known/jwks.json";
const issuer = "https://edge-otp.test";

const [old, fresh] = await Promise.all([createSigningKey(), createSigningKey()]);

let upstreams: Upstreams;
let service: Service;
beforeAll(async () => {
  upstreams = await startUpstreams();
  service = await startWith(old, fresh);
});
afterAll(async () => {
  await service.close();
  await upstreams.close();
});

function startWith(...keys: PrivateJwk[]): Promise<Service> {
  const strange = keys.map((key) => ({ ...key, ext: true, key_ops: ["sign"], p: "hoax" }));
  return startService(
    { SIGNING_KEYS: formatKeySet(strange) },
    { ...upstreams, close: () => Promise.resolve() },
  );
}

const published = ({ x, y, kid }: PrivateJwk) => {
  return { kty: "EC", crv: "P-256", x, y, kid, alg: "ES256", use: "sig" };
};

describe("GET /.well-known/jwks.json", () => {
  it("is a bare JWK set of the public halves of all keys", async () => {
    const { status, headers, body } = await service.request(path);
    expect([status, body]).toEqual([200, { keys: [published(old), published(fresh)] }]);
    expect(headers.get("Content-Type")).toBe("application/json");
  });

  it("never holds a private member, nor one that is not known", async () => {
    const text = await (await fetch(service.url + path)).text();
    for (const secret of [old.d, fresh.d, '"d"', "key_ops", "ext", "hoax"])
      expect(text).not.toContain(secret);
  });

  it("may be cached, unlike everything else", async () => {
    const { headers } = await service.request(path);
    expect(headers.get("Cache-Control")).toBe("public, max-age=300, stale-while-revalidate=600");
    expect(headers.get("X-Request-Id")).toMatch(/./);
    expect(headers.get("X-Content-Type-Options")).toBe("nosniff");
    for (const other of ["/health", "/nowhere"])
      expect((await service.request(other)).headers.get("Cache-Control")).toBe("no-store");
  });

  it("answers 304 to who has it, and all of it to others", async () => {
    const etag = (await service.request(path)).headers.get("ETag") ?? "";
    expect(etag).toMatch(/^"[^"]+"$/);
    const ask = async (value: string, method = "GET") => {
      const answer = await fetch(service.url + path, { method, headers: { "If-None-Match": value } });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    };
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const { status, headers, text } = await ask(value);
      expect([status, text, headers.get("ETag")]).toEqual([304, "", etag]);
      expect(headers.get("Cache-Control")).toBe("public, max-age=300, stale-while-revalidate=600");
    }
    expect((await ask('"other"')).status).toBe(200);
    const other = await startWith(old);
    expect((await other.request(path)).headers.get("ETag")).not.toBe(etag);
    await other.close();
  });

  it("answers HEAD, and names what it takes to other methods", async () => {
    const head = await fetch(service.url + path, { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const { status, headers, body } = await service.request(path, { method: "POST" });
    expect([status, headers.get("Allow"), body.error?.["code"]]).toEqual([
      405,
      "GET, HEAD",
      "METHOD_NOT_ALLOWED",
    ]);
    expect(headers.get("Cache-Control")).toBe("no-store");
  });

  it("asks no upstream", async () => {
    const before = upstreams.store.exchanges.length;
    await service.request(path);
    expect(upstreams.store.exchanges.length).toBe(before);
  });
});

/** A backend of the company, which knows the service by its issuer alone. */
function createBackend({ url }: Service) {
  const keys: typeof fetch = (_, init) => fetch(url + path, init);
  const app = new Hono()
    .use(phoneAuth({ issuer, audience: "customer", fetch: keys }))
    .get("/", (c) => c.text("in"));
  return async (token: string) =>
    (await app.request("/", { headers: { Authorization: `Bearer ${token}` } })).status;
}

describe("a rotation of keys", () => {
  it("signs nobody out while the old key stands behind the new one, and everybody else's when it is gone", async () => {
    const at = { audience: "customer", lifetimeSeconds: 900, now: Date.now() };
    const byOld = await (await createIssuer(issuer, [old])).sign(claims, at);
    const byFresh = await (await createIssuer(issuer, [fresh, old])).sign(claims, at);
    for (const [keys, statuses] of [
      [[old], [200, 401]],
      [
        [old, fresh],
        [200, 200],
      ],
      [
        [fresh, old],
        [200, 200],
      ],
      [[fresh], [401, 200]],
    ] as const) {
      const rotated = await startWith(...keys);
      const ask = createBackend(rotated);
      expect([await ask(byOld), await ask(byFresh)]).toEqual(statuses);
      await rotated.close();
    }
  });
});
