import { describe, expect, it } from "vitest";
import type { RateLimiter } from "../../src/limits/rate-limiter.ts";
import { askRateLimiter, isRateLimiter } from "../../src/limits/rate-limiter.ts";

const limiter = (limit: (of: { readonly key: string }) => unknown) => ({ limit }) as RateLimiter;
const answering = (answer: unknown) => limiter(() => Promise.resolve(answer));

describe("a rate limiter", () => {
  it("is asked by key, and allows or refuses", async () => {
    const keys: unknown[] = [];
    const only = limiter((of) => {
      keys.push(of);
      return Promise.resolve({ success: keys.length < 2 });
    });
    expect([await askRateLimiter(only, "a"), await askRateLimiter(only, "b")]).toEqual([
      "allowed",
      "refused",
    ]);
    expect(keys).toEqual([{ key: "a" }, { key: "b" }]);
  });

  it.each([
    ["rejects", limiter(() => Promise.reject(new Error("hoax")))],
    [
      "throws",
      limiter(() => {
        throw new Error("hoax");
      }),
    ],
    ["never answers", limiter(() => new Promise(() => undefined))],
    ["answers nothing", answering(undefined)],
    ["answers null", answering(null)],
    ["answers nonsense", answering({})],
    ["answers no boolean", answering({ success: 0 })],
  ])("that %s has failed, which is no refusal", async (_, broken) => {
    expect(await askRateLimiter(broken, "a")).toBe("failed");
  });

  it("is what has a limit function", () => {
    expect(isRateLimiter(answering({ success: true }))).toBe(true);
    for (const value of [undefined, null, "limit", 7, {}, { limit: 100 }])
      expect(isRateLimiter(value)).toBe(false);
  });
});
