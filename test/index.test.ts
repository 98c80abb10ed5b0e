import { afterAll, beforeAll, describe, expect, it } from "vitest";

const originalFetch = globalThis.fetch;
let worker: { fetch(request: Request, env: object, ctx: object): Promise<Response> };
beforeAll(async () => {
  ({ default: worker } = (await import("../src/index.ts")) as unknown as { default: typeof worker });
});
afterAll(() => {
  globalThis.fetch = originalFetch;
});

describe("the Worker", () => {
  it("keeps its answer alive when the client hangs up", async () => {
    const kept: unknown[] = [];
    const ctx = { waitUntil: (work: unknown) => kept.push(work), passThroughOnException: () => undefined };
    const answer = worker.fetch(new Request("https://localhost/health"), {}, ctx);
    expect(kept).toContain(answer);
    expect((await answer).status).toBe(503);
  });
});
