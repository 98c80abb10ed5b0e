import { describe, expect, it } from "vitest";
import { violations } from "../harness/description.ts";

/** What holds all other tests' answers to the document: it must notice. */
const requestId = "0b8c1a52-6d0e-4c58-8a3c-5f1d2f6f7a11";
const always = { "X-Request-Id": requestId, "Cache-Control": "no-store", "Content-Type": "application/json" };
const { "X-Request-Id": _, ...withoutId } = always;
const path = "/api/v1/auth/verify-otp";

const refused = (status: number, error: object, headers: Readonly<Record<string, string>> = {}) => ({
  method: "POST",
  path,
  status,
  headers: new Headers({ ...always, ...headers }),
  text: JSON.stringify({ success: false, error: { message: "No.", requestId, ...error } }),
});

const health = {
  method: "GET",
  path: "/health",
  status: 200,
  headers: new Headers(always),
  text: '{"success":true,"data":{"status":"ok"}}',
};

describe("an answer as the document says", () => {
  it.each([
    ["a success", health],
    ["to HEAD", { ...health, method: "HEAD", text: "" }],
    ["a refusal", refused(400, { code: "OTP_INVALID", attemptsRemaining: 4 })],
    ["a header that is there sometimes", refused(503, { code: "MISCONFIGURED" })],
    ["where nothing is", { ...refused(404, { code: "NOT_FOUND" }), path: "/nowhere" }],
    [
      "where another method is",
      { ...refused(405, { code: "METHOD_NOT_ALLOWED" }, { Allow: "POST" }), method: "PUT" },
    ],
  ])("(%s) has nothing against it", (__, exchange) => {
    expect(violations(exchange)).toEqual([]);
  });
});

describe("an answer that the document does not have", () => {
  it.each([
    ["a status", refused(418, { code: "OTP_INVALID" })],
    ["a code that the route has not", refused(400, { code: "OTP_SEND_FAILED" })],
    ["a code of another status", refused(403, { code: "OTP_INVALID", attemptsRemaining: 4 })],
    ["a code that nobody knows", refused(400, { code: "OTP_LOST" })],
    ["no field that its code has", refused(400, { code: "OTP_INVALID" })],
    ["a field that its code has not", refused(400, { code: "OTP_EXPIRED", attemptsRemaining: 4 })],
    ["a field of another type", refused(400, { code: "OTP_INVALID", attemptsRemaining: "4" })],
    ["a success with a field more", { ...health, text: '{"success":true,"data":{"status":"ok","x":1}}' }],
    ["a field beside the data", { ...health, text: '{"success":true,"data":{"status":"ok"},"x":1}' }],
    ["no X-Request-Id", { ...health, headers: new Headers(withoutId) }],
    ["no header that it needs", refused(401, { code: "UNAUTHORIZED" })],
    ["a header that it has not", { ...health, headers: new Headers({ ...always, "Retry-After": "1" }) }],
    ["a header of another form", refused(503, { code: "MISCONFIGURED" }, { "Retry-After": "soon" })],
    ["a content type", { ...health, headers: new Headers({ ...always, "Content-Type": "text/plain" }) }],
    ["a body to HEAD", { ...health, method: "HEAD" }],
    ["a success where nothing is", { ...health, path: "/nowhere" }],
  ])("(%s) is named", (__, exchange) => {
    expect(violations(exchange)).not.toEqual([]);
  });
});

describe("a request that was taken", () => {
  it("is one that the document allows", () => {
    const data = { message: "Logged out successfully" };
    const taken = {
      method: "POST",
      path: "/api/v1/auth/logout",
      status: 200,
      headers: new Headers(always),
      text: JSON.stringify({ success: true, data }),
    };
    expect(violations({ ...taken, sent: '{"everywhere":true,"unknown":1}' })).toEqual([]);
    expect(violations({ ...taken, sent: '{"everywhere":"yes"}' })).not.toEqual([]);
  });
});
