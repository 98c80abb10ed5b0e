import { afterEach, describe, expect, it, vi } from "vitest";
import { createApp } from "../../src/app.ts";
import { createDepsCache } from "../../src/deps.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import { APPS } from "../harness/service.ts";
import { randomSecret } from "../harness/upstreams.ts";

const bindings = {
  UPSTASH_REDIS_REST_URL: "https://store.test",
  UPSTASH_REDIS_REST_TOKEN: "token",
  ID_SECRET: randomSecret(),
  OTP_SECRET: randomSecret(),
  SIGNING_KEYS: formatKeySet([await createSigningKey()]),
  ISSUER: "https://edge-otp.test",
  AWS_ACCESS_KEY_ID: "id",
  AWS_SECRET_ACCESS_KEY: "secret",
  SNS_REGIONS: "ap-south-1",
  APPS,
};
const ctx = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };

afterEach(() => vi.restoreAllMocks());

describe("a dataset that takes no point", () => {
  it("costs no request its answer, and the log says so without the dataset's words", async () => {
    const lines: string[] = [];
    vi.spyOn(console, "log").mockImplementation((line) => void lines.push(String(line)));
    const METRICS = {
      writeDataPoint() {
        throw new TypeError("hoax +919876543210");
      },
    };
    const app = createApp(createDepsCache());
    const answer = await app.fetch(new Request("https://localhost/health"), { ...bindings, METRICS }, ctx);
    expect([answer.status, await answer.json()]).toEqual([200, { success: true, data: { status: "ok" } }]);
    const [line, ...rest] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect([line, rest]).toEqual([
      expect.objectContaining({
        outcome: "ok",
        deferredFailures: [expect.stringMatching(/^metrics TypeError/) as string],
      }),
      [],
    ]);
    expect(lines.join("")).not.toContain("hoax");
  });
});
