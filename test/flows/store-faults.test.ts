import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../harness/fault-proxy.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService, wrongGuess } from "../harness/service.ts";

const storeTimeoutMs = 500;
let service: Service;
beforeAll(async () => {
  service = await startService({ POLICY: { storeTimeoutMs } });
});
beforeEach(() => {
  service.store.reset();
  service.sns.reset();
});
afterAll(() => service.close());

const faults: readonly (readonly [string, Fault])[] = [
  ["is down", "drop_before"],
  ["drops every answer after its work", "drop_after"],
  ["is too slow", "hang_before"],
  ["is too slow after its work", "hang_after"],
  ["sends half an answer and stalls", "stall_in_body"],
  ["sends half an answer and hangs up", "cut_in_body"],
  ["refuses the token", { status: 401, body: '{"error":"WRONGPASS invalid or missing auth token"}' }],
  ["answers 500", { status: 500, body: '{"error":"ERR internal"}' }],
  ["answers 503 in HTML", { status: 503, body: "<html>busy</html>" }],
  ["answers what is not JSON", { status: 200, body: "hello" }],
  ["answers null", { status: 200, body: "null" }],
  [
    "answers with too few replies",
    { rewrite: (body) => JSON.stringify((JSON.parse(body) as unknown[]).slice(0, 1)) },
  ],
  [
    "is read-only",
    {
      rewrite: (body) =>
        JSON.stringify(
          (JSON.parse(body) as unknown[]).map(() => ({
            error: "READONLY You can't write against a read only replica.",
          })),
        ),
    },
  ],
  [
    "is out of memory for one command",
    {
      rewrite: (body) =>
        JSON.stringify(
          (JSON.parse(body) as unknown[]).with(1, {
            error: "OOM command not allowed when used memory > 'maxmemory'.",
          }),
        ),
    },
  ],
  [
    "is over its quota",
    { status: 400, body: '{"error":"ERR max requests limit exceeded. Limit: 10000, Usage: 10000."}' },
  ],
  ["redirects to http", { status: 307, body: "", headers: { Location: "http://localhost:9/multi-exec" } }],
];

describe.each(faults)("a store that %s", (_, fault) => {
  it("is a 503 with a name and a Retry-After, in time, on every route that needs it, and sends no SMS", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const challengeId = sent.body.data?.["challengeId"];
    service.sns.reset();
    service.store.plan(() => fault);
    const startedAt = performance.now();
    const answers = [
      await service.sendOtp({ phone: freshPhone() }),
      await service.verifyOtp({ phone, otp: wrongGuess(service.codeFor(phone)), challengeId }),
      await service.verifyOtp({ phone, otp: service.codeFor(phone) }),
      await service.request("/ready"),
    ];
    // Two tries for three of them, one for the last, and as much again for a busy machine.
    expect(performance.now() - startedAt).toBeLessThan(7 * storeTimeoutMs * 2 + 1000);
    for (const { status, headers, body } of answers) {
      expect([status, body.error]).toEqual([
        503,
        expect.objectContaining({ code: "SERVICE_UNAVAILABLE", upstream: "store" }),
      ]);
      expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(body.error?.["retryAfter"]).toBe(Number(headers.get("retry-after")));
      expect(JSON.stringify(body)).not.toMatch(/READONLY|WRONGPASS|ERR|OOM|localhost|otp:/);
    }
    expect(service.sns.exchanges.length).toBe(0);
  });

  it("lets the same person sign in as soon as it works again", async () => {
    const phone = freshPhone();
    // It recovers after the request's two tries, and the Worker undoes what they may have done before it answers.
    service.store.plan((__, index) => (index < 2 ? fault : "pass"));
    expect((await service.sendOtp({ phone })).status).toBe(503);
    const sent = await service.sendOtp({ phone });
    expect(sent.status).toBe(200);
    const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
    expect((await service.verifyOtp(body)).status).toBe(200);
  });
});

describe("a transaction whose reply is lost", () => {
  it.each(["drop_before", "drop_after", "hang_before", "hang_after", "stall_in_body"] as const)(
    "(%s) may be sent again, and the caller gets the answer that the first would have given",
    async (fault) => {
      const phone = freshPhone();
      service.store.plan((_, index) => (index === 0 ? fault : "pass"));
      const sent = await service.sendOtp({ phone });
      expect([sent.status, sent.body.data?.["expiresIn"], sent.body.data?.["resendIn"]]).toEqual([
        200, 300, 30,
      ]);
      expect(service.store.exchanges.length).toBe(2);
      expect(service.sns.exchanges.length).toBe(1);
      const challengeId = sent.body.data?.["challengeId"];
      const otp = service.codeFor(phone);

      service.store.plan((_, index) => (index === 0 ? fault : "pass"));
      const wrong = await service.verifyOtp({ phone, otp: wrongGuess(otp), challengeId });
      expect(wrong.body.error).toMatchObject({ code: "OTP_INVALID", attemptsRemaining: 4 });

      service.store.plan((_, index) => (index === 0 ? fault : "pass"));
      const right = await service.verifyOtp({ phone, otp, challengeId });
      expect([right.status, right.body.data?.["isNewUser"]]).toEqual([200, true]);
      expect((await service.verifyOtp({ phone, otp, challengeId })).body.error?.["code"]).toBe("OTP_EXPIRED");
    },
  );

  it("on both tries is a 503, after which the same Idempotency-Key gets the answer", async () => {
    const phone = freshPhone();
    const key = { "Idempotency-Key": "lost" };
    const sent = await service.sendOtp({ phone });
    const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
    service.store.plan((_, index) => (index < 2 ? "drop_after" : "pass"));
    expect((await service.verifyOtp(body, key)).status).toBe(503);
    expect((await service.verifyOtp(body)).body.error?.["code"]).toBe("OTP_EXPIRED");
    expect((await service.verifyOtp(body, key)).status).toBe(200);
  });
});

describe("an answer without end", () => {
  it.each([200, 500])("(%i) is read no further than any answer goes", async (asStatus) => {
    const written: number[] = [];
    const ended = Promise.withResolvers<void>();
    const onClose = (bytes: number) => {
      if (written.push(bytes) === 2) ended.resolve();
    };
    service.store.plan((_, index) => (index < 2 ? { endless: " ", asStatus, onClose } : "pass"));
    const { status, body } = await service.sendOtp({ phone: freshPhone() });
    expect([status, body.error?.["upstream"]]).toEqual([503, "store"]);
    await ended.promise;
    // What stands in buffers on the way is not read, but it was written.
    for (const bytes of written) expect(bytes).toBeLessThan(16 * 1024 * 1024);
  });
});

describe("a session whose record cannot be opened", () => {
  it("is a 503 everywhere, never a 401, and lives on", async () => {
    const phone = freshPhone();
    const sent = await service.sendOtp({ phone });
    const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
    const verified = await service.verifyOtp(body);
    const { accessToken, refreshToken } = verified.body.data?.["tokens"] as Record<string, string>;
    const me = () =>
      service.request("/api/v1/auth/me", { headers: { Authorization: `Bearer ${accessToken ?? ""}` } });
    const refresh = () => service.post("/api/v1/auth/refresh", { refreshToken });
    service.store.plan(() => ({ rewrite: (text) => text.replace(/("record",")[^"]+/, "$1spoilt") }));
    for (const ask of [me, refresh]) {
      const { status, body: answer } = await ask();
      expect([status, answer.error?.["upstream"]]).toEqual([503, "store"]);
    }
    service.store.reset();
    for (const ask of [me, refresh]) expect((await ask()).status).toBe(200);
  });
});

describe("a refund", () => {
  it("that fails is in the log, and is not sent again", async () => {
    const phone = freshPhone();
    await service.sendOtp({ phone });
    service.store.reset();
    service.store.plan((_, index) => (index === 0 ? "pass" : "drop_after"));
    const refused = await service.sendOtp({ phone });
    expect(refused.status).toBe(429);
    const requestId = refused.body.error?.["requestId"];
    await expect
      .poll(() => service.logs.find((line) => line["requestId"] === requestId))
      .toMatchObject({
        reason: "over_limit:resendAfterSeconds",
        deferredFailures: ["store_network"],
      });
    const counted = service.store.exchanges.filter(({ body }) => body.includes('"decr"'));
    expect(counted.length).toBe(1);
  });
});
