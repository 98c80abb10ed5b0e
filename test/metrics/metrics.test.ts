import { describe, expect, it } from "vitest";
import { createTrace, type Trace } from "../../src/log.ts";
import { BLOBS, DOUBLES, toDataPoint } from "../../src/metrics.ts";

const SEND = "/api/v1/auth/send-otp";

function point(change: Partial<Trace> = {}): Record<string, string | number> {
  const { indexes, blobs, doubles } = toDataPoint({ ...createTrace("id", "POST"), ...change });
  const texts = Object.keys(BLOBS).map((name, index) => [name, blobs[index]]);
  const numbers = Object.keys(DOUBLES).map((name, index) => [name, doubles[index]]);
  return Object.fromEntries([["index", indexes[0]], ...texts, ...numbers]) as Record<string, string | number>;
}

describe("a point of the metrics", () => {
  it("has its columns in the order in which years of points were written", () => {
    expect(Object.keys(BLOBS)).toEqual([
      "route",
      "method",
      "outcome",
      "reason",
      "role",
      "country",
      "delivery",
      "smsRegion",
      "smsOutcome",
      "smsReason",
      "guard",
      "directory",
      "storeFailure",
      "testNumber",
      "turnstile",
      "rateLimiter",
    ]);
    expect(Object.keys(DOUBLES)).toEqual([
      "durationMs",
      "storeMs",
      "storeRequests",
      "smsMs",
      "directoryMs",
      "requests",
      "smsMicroUsd",
      "smsPublishes",
      "status",
    ]);
  });

  it("says all of a send that failed over, in every column a value of its own", () => {
    const sent = point({
      route: SEND,
      status: 200,
      role: "driver",
      country: "IN",
      phone: "98****3210",
      durationMs: 190,
      storeMs: 41,
      storeRequests: 2,
      storeFailures: ["timeout", "network"],
      smsMs: 120,
      sms: ["ap-south-1:not_sent:Throttling", "us-east-1:skipped", "ap-south-2:unknown:no_answer"],
      reason: "unconfirmed",
      guard: "would_hold:prefix",
      directory: "record",
      directoryMs: 7,
      smsPriceMicroUsd: 2785,
      testNumber: true,
      turnstile: "passed",
      rateLimiter: "failed",
    });
    expect(sent).toEqual({
      index: "driver",
      route: SEND,
      method: "POST",
      outcome: "ok",
      reason: "unconfirmed",
      role: "driver",
      country: "IN",
      delivery: "unconfirmed",
      smsRegion: "ap-south-2",
      smsOutcome: "unknown",
      smsReason: "no_answer",
      guard: "would_hold:prefix",
      directory: "record",
      storeFailure: "network",
      testNumber: "yes",
      turnstile: "passed",
      rateLimiter: "failed",
      durationMs: 190,
      storeMs: 41,
      storeRequests: 2,
      smsMs: 120,
      directoryMs: 7,
      requests: 1,
      smsMicroUsd: 2785,
      smsPublishes: 2,
      status: 200,
    });
  });

  it("of a request that did nothing has empty texts, zeros and the index none", () => {
    const { blobs, doubles, indexes } = toDataPoint(createTrace("id", "GET"));
    expect(indexes).toEqual(["none"]);
    expect(blobs.filter((text) => text !== "")).toEqual(["none", "GET", "ok"]);
    expect(doubles.filter((number) => number !== 0)).toEqual([1]);
  });

  it.each([
    ["a send that went out", { route: SEND }, "accepted"],
    ["a send that was refused", { route: SEND, outcome: "OTP_SEND_FAILED" }, ""],
    ["anything else", { route: "/api/v1/auth/verify-otp" }, ""],
  ])("has the delivery of %s", (_, change, delivery) => {
    expect(point(change)["delivery"]).toBe(delivery);
  });

  it("fits the Analytics Engine: an index of 96 bytes, 20 blobs of 16 KiB in all, 20 doubles", () => {
    const long = "x".repeat(100_000);
    const { indexes, blobs, doubles } = toDataPoint({
      ...createTrace("id", "POST"),
      role: "r".repeat(32),
      route: SEND,
      outcome: long,
      reason: long,
      sms: [`${long}:${long}:${long}`],
      guard: long,
      directory: long,
      storeFailures: [long],
    });
    expect(indexes[0].length).toBeLessThanOrEqual(96);
    expect([blobs.length <= 20, doubles.length <= 20]).toEqual([true, true]);
    expect(blobs.join("").length).toBeLessThanOrEqual(16 * 1024);
  });

  it("holds no phone, no request id and no trace id", () => {
    const secrets = { phone: "98****3210", traceId: "a".repeat(32), requestId: "request-1" };
    const text = JSON.stringify(toDataPoint({ ...createTrace("", "POST"), ...secrets }));
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret);
  });
});
