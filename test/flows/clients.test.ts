import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { APPS, freshAddress, freshPhone, startService, wrongGuess } from "../harness/service.ts";

/** The requests of the two Android apps in the field, byte for byte as OkHttp and Gson write them. */
const okHttp = {
  "Content-Type": "application/json; charset=UTF-8",
  "User-Agent": "okhttp/4.12.0",
  "Accept-Encoding": "gzip",
};

let service: Service;
beforeAll(async () => {
  const entries = Object.entries(APPS).map(([role, app]) => [
    role,
    { ...app, requireChallenge: false, refreshRotation: "keep" },
  ]);
  service = await startService({ APPS: Object.fromEntries(entries) as object });
});
afterAll(() => service.close());

/** What Gson does: unknown fields ignored, a missing non-null field breaks the app. */
function requireFields(
  data: Readonly<Record<string, unknown>> | undefined,
  types: Readonly<Record<string, string>>,
): void {
  for (const [field, type] of Object.entries(types))
    expect([field, typeof data?.[field]]).toEqual([field, type]);
}

describe.each(["customer", "transporter", "driver"])("the app of a %s", (role) => {
  it("signs in as it always has", async () => {
    const phone = freshPhone();
    const headers = { ...okHttp, "CF-Connecting-IP": freshAddress() };
    const sent = await service.post(
      "/api/v1/auth/send-otp",
      `{"phone":"${phone}","role":"${role}"}`,
      headers,
    );
    expect(sent.body.success).toBe(true);
    requireFields(sent.body.data, { message: "string", expiresIn: "number" });
    expect(sent.body.data?.["message"]).toBe(
      `OTP sent to ${phone.slice(0, 2)}****${phone.slice(-4)}. Please check your SMS.`,
    );

    const verify = (otp: string) =>
      service.post(
        "/api/v1/auth/verify-otp",
        `{"phone":"${phone}","otp":"${otp}","role":"${role}","deviceId":null,"deviceName":null}`,
        headers,
      );
    const wrong = await verify(wrongGuess(service.codeFor(phone)));
    // A 401 would make OkHttp refresh the access token and repeat.
    expect(wrong.status).toBe(400);
    expect(wrong.body.success).toBe(false);
    requireFields(wrong.body.error, { code: "string", message: "string" });
    expect(wrong.body.error?.["message"]).toMatch(/^[^{].+/);

    const verified = await verify(service.codeFor(phone));
    expect(verified.status).toBe(200);
    requireFields(verified.body.data, { user: "object", tokens: "object", isNewUser: "boolean" });
    const tokens = verified.body.data?.["tokens"] as Record<string, unknown>;
    requireFields(tokens, { accessToken: "string", refreshToken: "string", expiresIn: "number" });
    const user = verified.body.data?.["user"] as Record<string, unknown>;
    requireFields(user, { id: "string", phone: "string", role: "string", isProfileComplete: "boolean" });
    expect(user).toMatchObject({ phone, role });
  });

  it("stays signed in with the refresh token of its sign-in, whatever else it is given, and signs out", async () => {
    const phone = freshPhone();
    await service.post("/api/v1/auth/send-otp", `{"phone":"${phone}","role":"${role}"}`, okHttp);
    const otp = service.codeFor(phone);
    const verified = await service.post(
      "/api/v1/auth/verify-otp",
      `{"phone":"${phone}","otp":"${otp}","role":"${role}"}`,
      okHttp,
    );
    const { refreshToken } = verified.body.data?.["tokens"] as { refreshToken: string };
    let accessToken = "";
    for (let index = 0; index < 3; index += 1) {
      const refreshed = await service.post(
        "/api/v1/auth/refresh",
        `{"refreshToken":"${refreshToken}"}`,
        okHttp,
      );
      requireFields(refreshed.body.data, { accessToken: "string", expiresIn: "number" });
      accessToken = String(refreshed.body.data?.["accessToken"]);
    }
    const bearer = { Authorization: `Bearer ${accessToken}`, "User-Agent": "okhttp/4.12.0" };
    const me = await service.request("/api/v1/auth/me", { headers: bearer });
    expect(me.body.data?.["user"]).toMatchObject({ phone, role });
    const logout = await service.request("/api/v1/auth/logout", { method: "POST", headers: bearer });
    expect([logout.status, logout.body.success, logout.body.data?.["message"]]).toEqual([
      200,
      true,
      "Logged out successfully",
    ]);
    // A failed refresh is what signs the person out of the app.
    const late = await service.post("/api/v1/auth/refresh", `{"refreshToken":"${refreshToken}"}`, okHttp);
    expect([late.status, late.body.error?.["code"]]).toEqual([401, "UNAUTHORIZED"]);
  });

  it("counts down from retryAfterMs on a 429", async () => {
    const phone = freshPhone();
    await service.post("/api/v1/auth/send-otp", `{"phone":"${phone}","role":"${role}"}`, okHttp);
    const { status, body } = await service.post(
      "/api/v1/auth/send-otp",
      `{"phone":"${phone}","role":"${role}"}`,
      okHttp,
    );
    expect(status).toBe(429);
    expect(body.error?.["code"]).toBe("OTP_RATE_LIMIT_EXCEEDED");
    expect(typeof body.error?.["retryAfterMs"]).toBe("number");
  });
});

describe("the Customer app", () => {
  it("may leave the role out, write +91 or 91, and leave the device fields out", async () => {
    for (const prefix of ["", "91", "+91"]) {
      const phone = freshPhone();
      const sent = await service.post("/api/v1/auth/send-otp", `{"phone":"${prefix}${phone}"}`, okHttp);
      expect(sent.status).toBe(200);
      const otp = service.codeFor(phone);
      const verified = await service.post(
        "/api/v1/auth/verify-otp",
        `{"phone":"${phone}","otp":"${otp}"}`,
        okHttp,
      );
      expect(verified.body.data?.["user"]).toMatchObject({ phone, role: "customer" });
    }
  });

  it("may repeat a request whose answer was lost, with its X-Idempotency-Key", async () => {
    const phone = freshPhone();
    const headers = { ...okHttp, "X-Idempotency-Key": crypto.randomUUID() };
    await service.post("/api/v1/auth/send-otp", `{"phone":"${phone}","role":"customer"}`, headers);
    const again = await service.post(
      "/api/v1/auth/send-otp",
      `{"phone":"${phone}","role":"customer"}`,
      headers,
    );
    expect(again.status).toBe(200);
    expect(service.sent.filter(({ to }) => to === `+91${phone}`).length).toBe(1);
  });

  it("may name its device in at most 100 characters", async () => {
    const phone = freshPhone();
    await service.sendOtp({ phone });
    const otp = service.codeFor(phone);
    const long = await service.verifyOtp({ phone, otp, deviceName: "x".repeat(101) });
    expect(long.body.error).toMatchObject({ code: "INVALID_REQUEST", fields: [{ path: "deviceName" }] });
    expect(
      (await service.verifyOtp({ phone, otp, deviceId: "a".repeat(100), deviceName: "Pixel" })).status,
    ).toBe(200);
  });
});
