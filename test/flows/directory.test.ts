import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Directory, DirectoryReply } from "../harness/directory.ts";
import { startDirectory } from "../harness/directory.ts";
import type { Answer, Service } from "../harness/service.ts";
import { APPS, freshPhone, startService, wrongGuess } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { randomSecret, startUpstreams } from "../harness/upstreams.ts";

/** `customer` fails without the directory, `transporter` proceeds. */
let upstreams: Upstreams;
let service: Service;
let directory: Directory;
const secret = randomSecret();
const configured = (url: string) => ({
  DIRECTORY_URL: `${url}/edge-otp/user?v=1`,
  DIRECTORY_SECRET: secret,
  APPS: {
    ...APPS,
    customer: { ...APPS.customer, directory: "fail" },
    transporter: { ...APPS.transporter, directory: "proceed" },
  },
  POLICY: { resendAfterSeconds: 0, sendsPerHour: 100, directoryTimeoutMs: 500 },
});

beforeAll(async () => {
  upstreams = await startUpstreams();
  const tls = await upstreams.authority.issue();
  directory = await startDirectory({ secret: Buffer.from(secret, "base64url"), tls });
  service = await startService(configured(directory.url), upstreams);
});
beforeEach(() => {
  directory.plan(() => "unknown");
  service.store.reset();
});
afterAll(async () => {
  await service.close();
  await directory.close();
});

async function codeTo(phone: string, role: string) {
  const sent = await service.sendOtp({ phone, role });
  return { phone, role, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
}

async function signIn(role: string, replied: DirectoryReply) {
  directory.plan(() => replied);
  const body = await codeTo(freshPhone(), role);
  return { body, answer: await service.verifyOtp(body) };
}

const claimsOf = ({ body }: Answer) => {
  const { accessToken } = body.data?.["tokens"] as { accessToken: string };
  return JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString()) as Record<
    string,
    unknown
  >;
};

const asha = {
  id: "user-42",
  name: "Asha",
  email: "asha@example.com",
  company: "Asha Roadways",
  isProfileComplete: true,
  preferredLanguage: "hi",
  isNewUser: false,
  createdAt: "2026-01-02T03:04:05Z",
  claims: { plan: "gold", name: "Somebody else", isProfileComplete: false },
};

describe("the directory", () => {
  it("is asked once, after a right code, and never before", async () => {
    const body = await codeTo(freshPhone(), "customer");
    await service.verifyOtp({ ...body, otp: wrongGuess(body.otp) });
    await service.verifyOtp({ ...body, challengeId: "forged" });
    expect(directory.requests.length).toBe(0);
    await service.verifyOtp(body);
    expect(directory.requests.length).toBe(1);
    expect(directory.requests[0]).toMatchObject({ method: "POST", path: "/edge-otp/user?v=1" });
    expect(JSON.parse(directory.requests[0]?.body ?? "")).toMatchObject({
      role: "customer",
      phone: `+91${body.phone}`,
    });
    expect((await service.verifyOtp(body)).body.error?.["code"]).toBe("OTP_EXPIRED");
    expect(directory.requests.length).toBe(1);
  });

  it("gives the person's record to data.user and to the token, and to every token after it", async () => {
    const { body, answer } = await signIn("customer", { record: asha });
    expect(answer.body.data).toMatchObject({ isNewUser: false, preferredLanguage: "hi" });
    expect(answer.body.data?.["user"]).toEqual({
      id: "user-42",
      phone: body.phone,
      role: "customer",
      name: "Asha",
      email: "asha@example.com",
      company: "Asha Roadways",
      isProfileComplete: true,
      createdAt: "2026-01-02T03:04:05Z",
    });
    const expected = {
      sub: "user-42",
      name: "Asha",
      email: "asha@example.com",
      company: "Asha Roadways",
      plan: "gold",
      preferredLanguage: "hi",
      isProfileComplete: true,
    };
    expect(claimsOf(answer)).toMatchObject(expected);
    const { accessToken, refreshToken } = answer.body.data?.["tokens"] as Record<string, string>;
    service.store.reset();
    const refreshed = await service.post("/api/v1/auth/refresh", { refreshToken });
    expect(service.store.exchanges.length).toBe(1);
    expect(
      claimsOf({ ...refreshed, body: { success: true, data: { tokens: refreshed.body.data } } }),
    ).toMatchObject(expected);
    const me = await service.request("/api/v1/auth/me", {
      headers: { Authorization: `Bearer ${accessToken ?? ""}` },
    });
    expect(me.body.data).toEqual({ user: answer.body.data?.["user"] });
    expect(directory.requests.length).toBe(1);
  });

  it("that does not know the person makes a new one, under the opaque id", async () => {
    const { answer } = await signIn("customer", "unknown");
    expect(answer.body.data).toMatchObject({ isNewUser: true, user: { isProfileComplete: false } });
    expect(claimsOf(answer)["sub"]).toMatch(/^[\w-]{24}$/);
  });

  it("that suspends the person gets no tokens made, in either kind of role, however often", async () => {
    for (const role of ["customer", "transporter"]) {
      directory.plan(() => "suspended");
      const body = await codeTo(freshPhone(), role);
      const key = { "Idempotency-Key": "s" };
      for (let index = 0; index < 2; index += 1) {
        const { status, body: answer } = await service.verifyOtp(body, key);
        expect([status, answer.error?.["code"], answer.data]).toEqual([403, "ACCOUNT_SUSPENDED", undefined]);
      }
      directory.plan(() => ({ record: asha }));
      expect((await service.verifyOtp(body, key)).body.error?.["code"]).toBe("ACCOUNT_SUSPENDED");
    }
  });
});

const down: readonly (readonly [string, DirectoryReply])[] = [
  ["is silent", "silent"],
  ["drops the connection", "drop"],
  ["stalls", "stall_in_body"],
  ["answers 500", { status: 500, body: "{}" }],
  ["answers a gateway's 404", { status: 404, body: "<html>not here</html>" }],
  ["answers what is not JSON", { status: 200, body: "hello" }],
  ["answers a claim that is ours to set", { record: { claims: { role: "admin" } } }],
  ["redirects", { status: 307, body: "", headers: { Location: "http://localhost:9/" } }],
];

describe.each(down)("a directory that %s", (_, reply) => {
  it("fails the sign-in of a role that fails, and the same attempt works once it is back", async () => {
    directory.plan(() => reply);
    const body = await codeTo(freshPhone(), "customer");
    const key = { "Idempotency-Key": "d" };
    const startedAt = performance.now();
    const failed = await service.verifyOtp(body, key);
    const requestId = failed.body.error?.["requestId"];
    await expect
      .poll(() => service.logs.find((line) => line["requestId"] === requestId))
      .toMatchObject({
        directory: expect.stringMatching(/^[a-z_0-9]+$/) as string,
        reason: "directory_unavailable",
      });
    expect(performance.now() - startedAt).toBeLessThan(2000);
    expect([failed.status, failed.body.error]).toEqual([
      503,
      expect.objectContaining({ code: "SERVICE_UNAVAILABLE", upstream: "directory" }),
    ]);
    expect(Number(failed.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    directory.plan(() => ({ record: asha }));
    const again = await service.verifyOtp(body, key);
    expect([again.status, again.body.data?.["user"]]).toEqual([
      200,
      expect.objectContaining({ id: "user-42" }),
    ]);
    expect((await service.verifyOtp(body)).body.error?.["code"]).toBe("OTP_EXPIRED");
  });

  it("does not hold up a role that proceeds: opaque id, incomplete profile", async () => {
    const { answer } = await signIn("transporter", reply);
    expect([answer.status, answer.body.data?.["user"]]).toEqual([
      200,
      expect.objectContaining({
        isProfileComplete: false,
        id: expect.stringMatching(/^[\w-]{24}$/) as string,
      }),
    ]);
  });
});

describe("a verify repeated with the same Idempotency-Key", () => {
  it("asks the directory no second time, and gives the record of the first", async () => {
    directory.plan(() => ({ record: asha }));
    const body = await codeTo(freshPhone(), "customer");
    const first = await service.verifyOtp(body, { "Idempotency-Key": "r" });
    directory.plan(() => ({ record: { ...asha, name: "Another" } }));
    const again = await service.verifyOtp(body, { "Idempotency-Key": "r" });
    expect(again.body.data?.["user"]).toEqual(first.body.data?.["user"]);
    expect(directory.requests.length).toBe(0);
  });
});

describe("a directory's certificate that is not trusted", () => {
  it("is refused, and no request leaves", async () => {
    const day = 86_400_000;
    const expired = { notBefore: new Date(Date.now() - 30 * day), notAfter: new Date(Date.now() - day) };
    for (const options of [expired, { hosts: ["users.example.com"] }]) {
      const tls = await upstreams.authority.issue(options);
      const other = await startDirectory({ secret: Buffer.from(secret, "base64url"), tls });
      const own = await startService(configured(other.url), { ...upstreams, close: () => Promise.resolve() });
      const phone = freshPhone();
      const sent = await own.sendOtp({ phone });
      const body = { phone, otp: own.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
      expect((await own.verifyOtp(body)).body.error?.["upstream"]).toBe("directory");
      expect(other.requests.length).toBe(0);
      await own.close();
      await other.close();
    }
  });
});

describe("nothing of a person", () => {
  it("that the directory told is in the log or readable in the store", async () => {
    await signIn("customer", { record: asha });
    const all = await upstreams.backend.single(["KEYS", "session:*"]);
    const keys = "result" in all && Array.isArray(all.result) ? all.result.map(String) : [];
    const hashes = await Promise.all(keys.map((key) => upstreams.backend.single(["HGETALL", key])));
    expect(JSON.stringify([service.logs, hashes])).not.toMatch(/Asha|asha@|user-42|gold/);
  });
});
