import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Answer, Service } from "../harness/service.ts";
import { APPS, freshPhone, startService, wrongGuess } from "../harness/service.ts";

let service: Service;
beforeAll(async () => {
  const customer = { ...APPS.customer, refreshRotation: "keep", audience: "weelo-customer" };
  const transporter = { ...APPS.transporter, refreshRotation: "rotate", audience: "weelo-captain" };
  service = await startService({
    APPS: { ...APPS, customer, transporter },
    POLICY: { resendAfterSeconds: 0, sendsPerHour: 100, storeTimeoutMs: 20_000 },
  });
});
beforeEach(() => service.store.reset());
afterAll(() => service.close());

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
  readonly tokenType: string;
  readonly refreshExpiresIn: number;
}

async function signIn(
  role: "customer" | "transporter",
  {
    phone = freshPhone(),
    headers = {},
    ...body
  }: { phone?: string; headers?: Record<string, string>; deviceName?: string } = {},
) {
  const sent = await service.sendOtp({ phone, role });
  const challengeId = sent.body.data?.["challengeId"];
  const answer = await service.verifyOtp(
    { phone, role, otp: service.codeFor(phone), challengeId, ...body },
    headers,
  );
  expect(answer.status).toBe(200);
  return { phone, data: answer.body.data ?? {}, tokens: answer.body.data?.["tokens"] as Tokens };
}

const refresh = (refreshToken: unknown) => service.post("/api/v1/auth/refresh", { refreshToken });
const withToken = (token: string, init: RequestInit = {}) => ({
  ...init,
  headers: { Authorization: `Bearer ${token}` },
});
const me = (token: string) => service.request("/api/v1/auth/me", withToken(token));
const logout = (token: string) =>
  service.request("/api/v1/auth/logout", withToken(token, { method: "POST" }));
const dataOf = (answer: Answer) => answer.body.data as Record<string, unknown>;

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split(".")[1] ?? "", "base64url").toString()) as Record<string, unknown>;
}

function expectUnauthorized({ status, headers, body }: Answer): void {
  expect([status, body.error?.["code"]]).toEqual([401, "UNAUTHORIZED"]);
  expect(headers.get("www-authenticate")).toMatch(/^Bearer /);
}

describe("verify-otp", () => {
  it("signs in, in one transaction, with tokens that any backend can read", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    service.store.reset();
    const challengeId = sent.body.data?.["challengeId"];
    const answer = await service.verifyOtp({ phone, otp: service.codeFor(phone), challengeId });
    expect(service.store.exchanges.length).toBe(1);
    const { tokens, user } = dataOf(answer) as { tokens: Tokens; user: { id: string } };
    expect(tokens).toMatchObject({ expiresIn: 900, tokenType: "Bearer", refreshExpiresIn: 2_592_000 });
    const now = Date.now() / 1000;
    const claims = claimsOf(tokens.accessToken);
    expect(claims).toEqual({
      iss: service.bindings["ISSUER"],
      aud: "weelo-customer",
      sub: user.id,
      role: "customer",
      client_id: "customer",
      phone_number: `+91${phone}`,
      phone_number_verified: true,
      amr: ["otp", "sms"],
      auth_time: expect.any(Number) as number,
      sid: expect.stringMatching(/^[\w-]{16}$/) as string,
      jti: expect.any(String) as string,
      iat: expect.any(Number) as number,
      exp: Number(claims["iat"]) + 900,
    });
    expect(Math.abs(Number(claims["auth_time"]) - now)).toBeLessThan(10);
  });

  it("repeated with the same Idempotency-Key gives the same session, not a second one", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
    const key = { "Idempotency-Key": "v" };
    const answers = [await service.verifyOtp(body, key), await service.verifyOtp(body, key)];
    const tokens = answers.map((answer) => dataOf(answer)["tokens"] as Tokens);
    expect(tokens[1]?.refreshToken).toBe(tokens[0]?.refreshToken);
    expect(new Set(tokens.map(({ accessToken }) => claimsOf(accessToken)["sid"])).size).toBe(1);
    const listed = await service.request("/api/v1/auth/sessions", withToken(tokens[0]?.accessToken ?? ""));
    expect((dataOf(listed)["sessions"] as unknown[]).length).toBe(1);
    await logout(tokens[0]?.accessToken ?? "");
    expect((await service.verifyOtp(body, key)).body.error?.["code"]).toBe("OTP_EXPIRED");
  });
});

describe("refresh", () => {
  it("keeps the token for a role that keeps, as the apps in the field need it, in one store request", async () => {
    const { tokens } = await signIn("customer");
    service.store.reset();
    for (let index = 1; index <= 3; index += 1) {
      const answer = await refresh(tokens.refreshToken);
      expect(dataOf(answer)).toMatchObject({ refreshToken: tokens.refreshToken, expiresIn: 900 });
      expect(claimsOf(String(dataOf(answer)["accessToken"]))["sub"]).toBe(
        claimsOf(tokens.accessToken)["sub"],
      );
      expect(service.store.exchanges.length).toBe(index);
    }
  });

  it("gives fifty at once the same next token for a role that rotates, and then knows theft", async () => {
    const { tokens } = await signIn("transporter");
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(tokens.refreshToken)));
    const next = new Set(answers.map((answer) => dataOf(answer)["refreshToken"]));
    expect([next.size, next.has(tokens.refreshToken)]).toEqual([1, false]);
    const [second] = next;
    expect((await refresh(second)).status).toBe(200);
    expectUnauthorized(await refresh(tokens.refreshToken));
    expectUnauthorized(await refresh(second));
    expectUnauthorized(await me(tokens.accessToken));
    const reasons = () =>
      service.logs.map((line) => line["reason"]).filter((reason) => String(reason).endsWith("_stolen"));
    await expect.poll(reasons).toEqual(["token_stolen", "session_stolen"]);
  });

  it("answers 401 for a token that is no good, and 400 for what is no token at all", async () => {
    for (const token of ["x", "x".repeat(4096), "a.b.c", (await signIn("customer")).tokens.accessToken]) {
      expectUnauthorized(await refresh(token));
    }
    for (const token of [null, 7, "", {}]) expect((await refresh(token)).status).toBe(400);
  });

  it("answers 503 while the store is down, and the old token works afterwards", async () => {
    for (const role of ["customer", "transporter"] as const) {
      const { tokens } = await signIn(role);
      for (const fault of ["drop_before", "drop_after"] as const) {
        service.store.plan(() => fault);
        const { status, body } = await refresh(tokens.refreshToken);
        expect([status, body.error?.["code"], body.error?.["upstream"]]).toEqual([
          503,
          "SERVICE_UNAVAILABLE",
          "store",
        ]);
        service.store.plan(() => "pass");
      }
      expect((await refresh(tokens.refreshToken)).status).toBe(200);
    }
  });
});

describe("what a refresh costs", () => {
  it("is one transaction of three commands, or of four, and every eighth time five, where the token rotates", async () => {
    const commands = async (role: "customer" | "transporter") => {
      let { refreshToken } = (await signIn(role)).tokens;
      service.store.reset();
      for (let index = 0; index < 10; index += 1)
        refreshToken = String(dataOf(await refresh(refreshToken))["refreshToken"]);
      return service.store.exchanges.map(({ body }) => (JSON.parse(body) as unknown[]).length);
    };
    expect(await commands("customer")).toEqual(Array(10).fill(3));
    expect(await commands("transporter")).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 5, 4]);
  });
});

describe("me", () => {
  it("answers who the bearer is, in one store request", async () => {
    const { phone, data, tokens } = await signIn("customer");
    service.store.reset();
    const answer = await me(tokens.accessToken);
    expect(dataOf(answer)).toEqual({ user: data["user"] });
    expect(dataOf(answer)["user"]).toMatchObject({ phone, role: "customer" });
    expect(service.store.exchanges.length).toBe(1);
  });

  it("answers 401 without a token, with a bad one, and with one of a session that has ended", async () => {
    expectUnauthorized(await service.request("/api/v1/auth/me"));
    for (const token of ["x", "a.b.c", `${"a".repeat(9000)}.b.c`]) expectUnauthorized(await me(token));
    expectUnauthorized(
      await service.request("/api/v1/auth/me", { headers: { Authorization: "Basic eDp5" } }),
    );
    const { tokens } = await signIn("customer");
    await logout(tokens.accessToken);
    expectUnauthorized(await me(tokens.accessToken));
  });
});

describe("logout", () => {
  it("works as the apps do it: a bearer token, no body, no content type", async () => {
    const { tokens } = await signIn("customer");
    const answer = await logout(tokens.accessToken);
    expect([answer.status, answer.body]).toEqual([
      200,
      { success: true, data: { message: "Logged out successfully" } },
    ]);
    expectUnauthorized(await refresh(tokens.refreshToken));
  });

  it("works with a refresh token, and answers the same to one that is unknown, or to none", async () => {
    const { tokens } = await signIn("customer");
    const post = (body: unknown) => service.post("/api/v1/auth/logout", body);
    const known = await post({ refreshToken: tokens.refreshToken });
    expectUnauthorized(await refresh(tokens.refreshToken));
    for (const body of [
      { refreshToken: "unknown" },
      { refreshToken: tokens.refreshToken },
      {},
      { refreshToken: null },
    ]) {
      const answer = await post(body);
      expect([answer.status, answer.body]).toEqual([known.status, known.body]);
    }
    expect((await post({ refreshToken: 1 })).body.error?.["fields"]).toMatchObject([
      { path: "refreshToken" },
    ]);
    expect((await post({ everywhere: "yes" })).body.error?.["fields"]).toMatchObject([
      { path: "everywhere" },
    ]);
  });

  it("everywhere ends all sessions of that person in that role", async () => {
    const first = await signIn("customer");
    const second = await signIn("customer", { phone: first.phone });
    const captain = await signIn("transporter", { phone: first.phone });
    const headers = { Authorization: `Bearer ${first.tokens.accessToken}` };
    await service.post("/api/v1/auth/logout", { everywhere: true }, headers);
    expectUnauthorized(await refresh(first.tokens.refreshToken));
    expectUnauthorized(await refresh(second.tokens.refreshToken));
    expect((await refresh(captain.tokens.refreshToken)).status).toBe(200);
  });

  it("says so when the store is down", async () => {
    const { tokens } = await signIn("customer");
    service.store.plan(() => "drop_before");
    expect((await logout(tokens.accessToken)).status).toBe(503);
  });
});

describe("sessions", () => {
  it("lists the caller's own, and ends one of them", async () => {
    const chrome = { "User-Agent": "Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36" };
    const first = await signIn("customer", { headers: chrome, deviceName: "Pixel of Asha" });
    const second = await signIn("customer", {
      phone: first.phone,
      headers: { "User-Agent": "okhttp/4.12.0" },
    });
    await signIn("customer");
    const list = async () =>
      dataOf(await service.request("/api/v1/auth/sessions", withToken(first.tokens.accessToken)));
    const { sessions } = (await list()) as { sessions: Record<string, unknown>[] };
    const named = new Map(sessions.map((session) => [session["sid"], session]));
    const sidOf = ({ tokens }: { tokens: Tokens }) => String(claimsOf(tokens.accessToken)["sid"]);
    expect(sessions.length).toBe(2);
    expect(named.get(sidOf(first))).toEqual({
      sid: sidOf(first),
      role: "customer",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      lastUsedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      deviceId: null,
      deviceName: "Pixel of Asha",
      userAgent: "Chrome",
      current: true,
    });
    expect(named.get(sidOf(second))).toMatchObject({ userAgent: "okhttp", current: false });

    const end = (sid: string) =>
      service.request(
        `/api/v1/auth/sessions/${sid}`,
        withToken(first.tokens.accessToken, { method: "DELETE" }),
      );
    expect((await end(sidOf(second))).status).toBe(200);
    expectUnauthorized(await refresh(second.tokens.refreshToken));
    expect(((await list())["sessions"] as unknown[]).length).toBe(1);
    expect((await end(sidOf(second))).body.error?.["code"]).toBe("NOT_FOUND");
    expect((await end(sidOf(await signIn("customer")))).body.error?.["code"]).toBe("NOT_FOUND");
  });
});

describe("a guess that was right but refused", () => {
  it("leaves no session behind", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const otp = service.codeFor(phone);
    const body = { phone, challengeId: sent.body.data?.["challengeId"] };
    for (let offset = 1; offset <= 5; offset += 1)
      await service.verifyOtp({ ...body, otp: wrongGuess(otp, offset) });
    expect((await service.verifyOtp({ ...body, otp })).body.error?.["code"]).toBe("OTP_MAX_ATTEMPTS");
    const { tokens, data } = await signIn("customer", { phone });
    expect(data["isNewUser"]).toBe(true);
    const listed = await service.request("/api/v1/auth/sessions", withToken(tokens.accessToken));
    expect((dataOf(listed)["sessions"] as unknown[]).length).toBe(1);
  });
});

describe("nothing of a session", () => {
  it("is in the store or the log that a thief could use or read", async () => {
    const { phone, tokens } = await signIn("transporter", { deviceName: "Pixel of Asha" });
    const next = await refresh(tokens.refreshToken);
    await service.request("/api/v1/auth/sessions", withToken(tokens.accessToken));
    const all = await service.backend.single(["KEYS", "*"]);
    const keys = "result" in all && Array.isArray(all.result) ? all.result.map(String) : [];
    const hashes = await Promise.all(
      keys.filter((key) => key.startsWith("session:")).map((key) => service.backend.single(["HGETALL", key])),
    );
    const seen = JSON.stringify([keys, hashes, service.logs]);
    for (const secret of [
      phone,
      "Asha",
      tokens.accessToken,
      tokens.refreshToken,
      String(dataOf(next)["refreshToken"]),
    ]) {
      expect(seen).not.toContain(secret);
    }
    for (const key of keys) {
      const ttl = await service.backend.single(["TTL", key]);
      expect([key, "result" in ttl && ttl.result !== -1]).toEqual([key, true]);
    }
  });
});
