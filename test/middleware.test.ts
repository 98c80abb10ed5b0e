import { createServer } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Hono } from "hono";
import { importJWK, SignJWT, UnsecuredJWT } from "jose";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { listenLoopback, type Listener } from "../src/local/loopback.ts";
import type { PrivateJwk } from "../src/local/signing-key.ts";
import { createSigningKey } from "../src/local/signing-key.ts";
import type { AuthVariables, PhoneAuthOptions } from "../src/middleware.ts";
import { phoneAuth } from "../src/middleware.ts";
import { claims, createIssuer, readSigningKeys } from "./harness/tokens.ts";
import { testAuthority } from "./harness/upstreams.ts";

type Respond = (response: ServerResponse) => void;

const [a, b, c] = await Promise.all([createSigningKey(), createSigningKey(), createSigningKey()]);

/** A real issuer: its JWKS over https, by a certificate that this process trusts. */
let listener: Listener;
let issuer: string;
let asked: string[];
let respond: Respond;
beforeAll(async () => {
  const tls = await (await testAuthority()).issue();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(request.url ?? "");
    respond(response);
  };
  listener = await listenLoopback(() => createServer(tls, answer), {});
  issuer = `https://localhost:${listener.port}`;
});
afterAll(() => listener.close());

let now: number;
beforeEach(async () => {
  asked = [];
  await publish(a);
  now = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now });
});
afterEach(() => vi.useRealTimers());

function pass(seconds: number): void {
  now += seconds * 1000;
  vi.setSystemTime(now);
}

const json =
  (body: unknown, status = 200): Respond =>
  (response) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));

async function publish(...keys: PrivateJwk[]): Promise<void> {
  respond = json((await readSigningKeys({ keys })).jwks);
}

function protect(options: Partial<PhoneAuthOptions> = {}) {
  const app = new Hono<{ Variables: AuthVariables }>()
    .use(phoneAuth({ issuer, audience: "customer", ...options }))
    .get("/", (context) => context.json(context.var.auth));
  return async (token?: string, scheme = "Bearer ") => {
    const headers = token === undefined ? {} : { Authorization: scheme + token };
    const response = await app.request("/", { headers });
    const body = (await response.json()) as Readonly<Record<string, unknown>>;
    return { status: response.status, headers: response.headers, body };
  };
}

async function sign(key: PrivateJwk, lifetimeSeconds = 900, role = "customer"): Promise<string> {
  const tokens = await createIssuer(issuer, [key]);
  return tokens.sign({ ...claims, role }, { audience: role, lifetimeSeconds, now });
}

const statuses = async (asks: readonly Promise<{ status: number }>[]): Promise<readonly number[]> =>
  (await Promise.all(asks)).map(({ status }) => status);

describe("phoneAuth", () => {
  it("lets a good token through, and says whose it is", async () => {
    const answer = await protect()(await sign(a));
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        sub: "user-id",
        role: "customer",
        phoneNumber: "+919876543210",
        sid: "session-id",
        claims: expect.objectContaining({ iss: issuer, aud: "customer", company: "Weelo" }) as object,
      },
    ]);
    expect(asked).toEqual(["/.well-known/jwks.json"]);
  });

  it("takes the scheme in any case (RFC 9110 section 11.1), and an issuer with a slash at its end", async () => {
    const ask = protect({ issuer: `${issuer}/` });
    const token = await sign(a);
    expect(await statuses([ask(token, "bearer "), ask(token, "BEARER  ")])).toEqual([200, 200]);
  });

  it("answers who brings no token with a challenge that names no error (RFC 6750 section 3.1)", async () => {
    const answer = await protect()();
    expect([answer.status, answer.headers.get("WWW-Authenticate"), answer.body]).toEqual([
      401,
      `Bearer realm="${issuer}"`,
      { success: false, error: { code: "UNAUTHORIZED", message: "Please sign in again." } },
    ]);
    expect(asked).toEqual([]);
  });

  it.each<[string, () => string | Promise<string>]>([
    ["garbage", () => "hoax"],
    ["an empty one", () => ""],
    ["two", async () => `${await sign(a)} ${await sign(a)}`],
    ["one longer than 8 KiB", () => forge({ note: "x".repeat(8192) })],
    ["one without a signature", () => new UnsecuredJWT({ sub: "user-id" }).encode()],
    ["one of another role", () => sign(a, 900, "driver")],
    ["one that has expired", () => sign(a, -10)],
    ["one by a key that is not published", () => sign(b)],
    ["one by another key under a known name", () => sign({ ...b, kid: a.kid })],
    ["one that names no key", () => forge({}, { kid: undefined })],
    ["one of another issuer", () => forge({ iss: "https://evil.example" })],
    ["one that never expires", () => forge({ exp: undefined })],
    ["one without a session", () => forge({ sid: undefined })],
    ["one of a number that is not verified", () => forge({ phone_number_verified: false })],
    ["an ID token", () => forge({}, { typ: "JWT" })],
  ])("refuses %s", async (_name, make) => {
    const answer = await protect()(await make());
    expect([answer.status, answer.headers.get("WWW-Authenticate"), answer.body["error"]]).toEqual([
      401,
      `Bearer realm="${issuer}", error="invalid_token"`,
      { code: "UNAUTHORIZED", message: "Please sign in again." },
    ]);
  });

  it("refuses another scheme", async () => {
    expect((await protect()(await sign(a), "Basic ")).status).toBe(401);
  });

  it("lets the forgeries of these tests through when they are none", async () => {
    expect((await protect()(await forge({}))).status).toBe(200);
  });

  it.each([
    "http://auth.example",
    "ftp://auth.example",
    "auth.example",
    "",
    "https://a:b@auth.example",
    "https://auth.example/?a",
  ])("is not made for the issuer %j", (wrong) => {
    expect(() => phoneAuth({ issuer: wrong, audience: "customer" })).toThrow("phoneAuth wants an issuer");
  });

  it.each(["", undefined as unknown as string])("is not made for the audience %j", (audience) => {
    expect(() => phoneAuth({ issuer, audience })).toThrow("phoneAuth wants an audience");
  });
});

async function forge(
  payload: Readonly<Record<string, unknown>>,
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const { subject: sub, role, phone, sid } = claims;
  const good = { iss: issuer, aud: role, sub, role, phone_number: phone, phone_number_verified: true, sid };
  return new SignJWT({ ...good, iat, exp: iat + 900, ...payload })
    .setProtectedHeader({ alg: "ES256", typ: "at+jwt", kid: a.kid, ...header })
    .sign(await importJWK(a, "ES256"));
}

describe("the issuer's keys", () => {
  it("are fetched once, and again when their time is over", async () => {
    const ask = protect({ cacheSeconds: 60 });
    const token = await sign(a);
    for (const _ of [1, 2, 3]) expect((await ask(token)).status).toBe(200);
    pass(59);
    expect((await ask(token)).status).toBe(200);
    expect(asked).toHaveLength(1);
    pass(2);
    expect((await ask(token)).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  it("are fetched once more for a key that is not known, and then not before the floor", async () => {
    const ask = protect({ cooldownSeconds: 30 });
    expect((await ask(await sign(a))).status).toBe(200);
    pass(31);
    expect((await ask(await sign(b))).status).toBe(401);
    expect(asked).toHaveLength(2);
    const flood = Array.from({ length: 20 }, async () => ask(await sign(c)));
    expect(new Set(await statuses(flood))).toEqual(new Set([401]));
    expect(asked).toHaveLength(2);
    pass(31);
    await publish(a, b);
    expect((await ask(await sign(b))).status).toBe(200);
    expect(asked).toHaveLength(3);
  });

  it("are not asked for by a token that could not be good under any key", async () => {
    const ask = protect();
    for (const token of ["hoax", new UnsecuredJWT({}).encode(), await forge({}, { kid: undefined })])
      expect((await ask(token)).status).toBe(401);
    expect(asked).toEqual([]);
  });

  it("come and go by rotation without signing anybody out", async () => {
    const ask = protect();
    const old = await sign(a, 3600);
    expect((await ask(old)).status).toBe(200);
    await publish(a, b);
    pass(25 * 60);
    expect((await ask(old)).status).toBe(200);
    await publish(b, a);
    expect(await statuses([ask(old), ask(await sign(b))])).toEqual([200, 200]);
    pass(25 * 60);
    expect(await statuses([ask(old), ask(await sign(b))])).toEqual([200, 200]);
    await publish(b);
    pass(10 * 60);
    expect(await statuses([ask(await sign(a)), ask(await sign(b))])).toEqual([401, 200]);
  });
});

const faults: Readonly<Record<string, Respond>> = {
  "drops the connection": (response) => response.destroy(),
  "answers 500": json({ keys: [] }, 500),
  "answers 404": json({}, 404),
  "answers with what is not JSON": (response) => response.end("<html>"),
  "answers with no key set": json({ success: true, data: { keys: [] } }),
  "answers with a body that stops": (response) => {
    response.writeHead(200, { "Content-Length": "1000" });
    response.write("{");
    response.destroy();
  },
  "does not answer in time": () => undefined,
  "stops in the middle of its answer": (response) => response.write('{"keys":['),
};

describe("an issuer that", () => {
  it.each(Object.entries(faults))("%s makes it 503, neither 401 nor through", async (_name, fault) => {
    const [good, bad] = [await sign(a), await sign(b)];
    respond = fault;
    for (const token of [good, bad]) {
      const askedAt = performance.now();
      const answer = await protect()(token);
      expect(performance.now() - askedAt).toBeLessThan(4000);
      expect([answer.status, answer.headers.get("Retry-After"), answer.body]).toEqual([
        503,
        "1",
        {
          success: false,
          error: {
            code: "SERVICE_UNAVAILABLE",
            message: "The service is busy. Please try again in a moment.",
            retryAfter: 1,
          },
        },
      ]);
      expect(answer.headers.get("WWW-Authenticate")).toBeNull();
    }
  });

  it("cannot be reached makes it 503", async () => {
    const gone = await listenLoopback(() => createServer(), {});
    await gone.close();
    expect((await protect({ issuer: `https://localhost:${gone.port}` })(await sign(a))).status).toBe(503);
  });

  it.each([301, 302, 303, 307, 308])("redirects by %i is not followed", async (status) => {
    respond = (response) => {
      if (asked.at(-1) === "/stolen") json({ keys: [] })(response);
      else response.writeHead(status, { Location: `${issuer}/stolen` }).end();
    };
    expect((await protect()(await sign(a))).status).toBe(503);
    expect(asked).toEqual(["/.well-known/jwks.json"]);
  });

  it("fails is asked once a second, however many people wait for it, and believed when it is back", async () => {
    const ask = protect();
    const token = await sign(a);
    respond = json({}, 500);
    expect((await ask(token)).status).toBe(503);
    const crowd = Array.from({ length: 20 }, () => ask(token));
    expect(new Set(await statuses(crowd))).toEqual(new Set([503]));
    expect(asked).toHaveLength(1);
    await publish(a);
    pass(1);
    expect((await ask(token)).status).toBe(200);
    expect(asked).toHaveLength(2);
  });

  it("fails costs nobody anything whose key is known", async () => {
    const ask = protect();
    const token = await sign(a);
    expect((await ask(token)).status).toBe(200);
    respond = json({}, 500);
    pass(31);
    expect((await ask(await sign(b))).status).toBe(503);
    expect((await ask(token)).status).toBe(200);
  });

  it("has a certificate of an authority that is not trusted makes it 503", async () => {
    const tls = await (await testAuthority()).issue({ hosts: ["auth.example"] });
    const other = await listenLoopback(() => createServer(tls, (_, response) => respond(response)), {});
    expect((await protect({ issuer: `https://localhost:${other.port}` })(await sign(a))).status).toBe(503);
    await other.close();
  });
});
