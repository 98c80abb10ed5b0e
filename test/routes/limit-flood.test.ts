import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createDepsCache } from "../../src/deps.ts";
import { APPS } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
const logged = vi.spyOn(console, "log");
beforeAll(async () => {
  upstreams = await startUpstreams();
});
beforeEach(() => {
  logged.mockReset().mockReturnValue();
});
afterAll(async () => {
  logged.mockRestore();
  await upstreams.close();
});

/** The status of a send without a number, and what was logged of it. */
async function askWith(limit: (of: { key: string }) => unknown, address?: string) {
  const env = { ...upstreams.bindings, APPS, RATE_LIMITER: { limit } };
  const headers = {
    "Content-Type": "application/json",
    ...(address === undefined ? {} : { "CF-Connecting-IP": address }),
  };
  const init = { method: "POST", headers, body: "{}" };
  const answer = await createApp(createDepsCache()).request("/api/v1/auth/send-otp", init, env);
  return { status: answer.status, line: JSON.parse(String(logged.mock.lastCall?.[0])) as object };
}

describe("a rate limiter in front of a route", () => {
  it.each([
    ["203.0.113.7", "/api/v1/auth/send-otp 203.0.113.7"],
    ["2001:db8:1:2:3:4:5:6", "/api/v1/auth/send-otp 2001:db8:1:2"],
    [undefined, "/api/v1/auth/send-otp unknown"],
  ])("counts the address %s by route, a /64 as one", async (address, key) => {
    const keys: string[] = [];
    const { status, line } = await askWith((of) => {
      keys.push(of.key);
      return Promise.resolve({ success: true });
    }, address);
    expect([status, keys]).toEqual([400, [key]]);
    expect(line).not.toHaveProperty("rateLimiter");
  });

  it("lets all through when it fails, and the log says so", async () => {
    const { status, line } = await askWith(() => Promise.reject(new Error("hoax")));
    expect(status).toBe(400);
    expect(line).toMatchObject({ outcome: "INVALID_REQUEST", rateLimiter: "failed" });
    expect(JSON.stringify(line)).not.toContain("hoax");
  });

  it("refuses when it says so", async () => {
    const { status, line } = await askWith(() => Promise.resolve({ success: false }));
    expect(status).toBe(429);
    expect(line).toMatchObject({ outcome: "OTP_RATE_LIMIT_EXCEEDED", rateLimiter: "refused" });
  });
});
