import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../harness/fault-proxy.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

const smsTimeoutMs = 300;
let service: Service;
beforeAll(async () => {
  service = await startService({ POLICY: { smsTimeoutMs } });
});
beforeEach(() => {
  service.store.reset();
  service.sns.reset();
});
// An SMS that arrives, so that the failures of two tests are never failures in a row.
afterEach(async () => {
  service.store.reset();
  service.sns.reset();
  await service.sendOtp({ phone: freshPhone() });
});
afterAll(() => service.close());

const awsError = (status: number, code: string): Fault => ({
  status,
  headers: { "content-type": "text/xml" },
  body: `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code><Message>about +919876543210</Message></Error><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>`,
});

const regionsAsked = () => service.sns.exchanges.map(({ path }) => path.replaceAll("/", ""));

async function signInAgain(phone: string): Promise<void> {
  service.sns.plan(() => "pass");
  const sent = await service.sendOtp({ phone });
  expect(sent.status).toBe(200);
  const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
  expect((await service.verifyOtp(body)).status).toBe(200);
}

describe("where SNS says that it did not send", () => {
  it.each([
    ["Throttling", 400],
    ["ThrottledException", 429],
    ["AuthorizationError", 403],
    ["InvalidClientTokenId", 403],
    ["SignatureDoesNotMatch", 403],
    ["ExpiredToken", 403],
    ["InternalError", 500],
    ["ServiceUnavailable", 503],
  ])("(%s) the next region sends", async (code, status) => {
    const phone = freshPhone();
    service.sns.plan((_, index) => (index === 0 ? awsError(status, code) : "pass"));
    const sent = await service.sendOtp({ phone });
    expect([sent.status, sent.body.data?.["delivery"]]).toEqual([200, "accepted"]);
    expect(regionsAsked()).toEqual(["ap-south-1", "ap-south-2"]);
    expect(service.sent.filter(({ to }) => to === `+91${phone}`).map(({ region }) => region)).toEqual([
      "ap-south-2",
    ]);
  });

  it("in every region, the caller hears so, keeps his budget, and signs in once it works again", async () => {
    const phone = freshPhone();
    service.sns.plan(() => awsError(400, "Throttling"));
    const failed = await service.sendOtp({ phone });
    expect([failed.status, failed.body.error]).toEqual([
      503,
      expect.objectContaining({ code: "SERVICE_UNAVAILABLE", upstream: "sms" }),
    ]);
    expect(Number(failed.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(regionsAsked()).toEqual(["ap-south-1", "ap-south-2"]);
    await signInAgain(phone);
  });
});

describe("where SNS refuses the message or the number", () => {
  it.each(["InvalidParameter", "ParameterValueInvalid", "ValidationException"])(
    "(%s) no other region is asked, the caller hears so, and keeps his budget",
    async (code) => {
      const phone = freshPhone();
      service.sns.plan(() => awsError(400, code));
      const failed = await service.sendOtp({ phone });
      expect([failed.status, failed.body.error?.["code"]]).toEqual([502, "OTP_SEND_FAILED"]);
      expect(JSON.stringify(failed.body)).not.toContain("9876543210");
      expect(regionsAsked()).toEqual(["ap-south-1"]);
      await signInAgain(phone);
    },
  );
});

describe("where SNS stays silent", () => {
  const silent: readonly (readonly [string, Fault])[] = [
    ["never answers", "hang_before"],
    ["sends and never answers", "hang_after"],
    ["drops the connection", "drop_before"],
    ["sends and drops the connection", "drop_after"],
    ["answers 502 in HTML", { status: 502, body: "<html>bad gateway</html>" }],
    ["answers 500 with nothing", { status: 500, body: "" }],
    ["answers 503 with JSON", { status: 503, body: '{"message":"busy"}' }],
    ["redirects", { status: 307, body: "", headers: { Location: "https://localhost:9/" } }],
  ];

  it.each(silent)(
    "(%s) the SMS is unconfirmed, never sent again, and the code stays live",
    async (_, fault) => {
      const phone = freshPhone();
      service.sns.plan(() => fault);
      const startedAt = performance.now();
      const sent = await service.sendOtp({ phone });
      expect(performance.now() - startedAt).toBeLessThan(smsTimeoutMs + 1500);
      expect([sent.status, sent.body.data?.["delivery"]]).toEqual([200, "unconfirmed"]);
      expect(regionsAsked()).toEqual(["ap-south-1"]);
      expect((await service.sendOtp({ phone })).status).toBe(429);
      if (fault !== "hang_after" && fault !== "drop_after") return;
      const body = { phone, otp: service.codeFor(phone), challengeId: sent.body.data?.["challengeId"] };
      expect((await service.verifyOtp(body)).status).toBe(200);
    },
  );

  it.each([
    ["cannot be read", { status: 200, body: "<not xml" }],
    ["is empty", { status: 200, body: "" }],
    ["is JSON", { status: 200, body: '{"MessageId":"x"}' }],
  ] as const)("a 2xx that %s is accepted", async (_, fault) => {
    service.sns.plan(() => fault);
    expect((await service.sendOtp({ phone: freshPhone() })).body.data?.["delivery"]).toBe("accepted");
    expect(regionsAsked()).toEqual(["ap-south-1"]);
  });

  it.each([
    [200, "accepted"],
    [500, "unconfirmed"],
  ] as const)(
    "a %i without end is read no further than any answer goes, and %s",
    async (status, delivery) => {
      const ended = Promise.withResolvers<number>();
      service.sns.plan(() => ({ endless: " ", asStatus: status, onClose: ended.resolve }));
      const startedAt = performance.now();
      const sent = await service.sendOtp({ phone: freshPhone() });
      expect([sent.status, sent.body.data?.["delivery"]]).toEqual([200, delivery]);
      expect(performance.now() - startedAt).toBeLessThan(smsTimeoutMs + 1500);
      // What stands in buffers on the way is not read, but it was written.
      expect(await ended.promise).toBeLessThan(16 * 1024 * 1024);
      expect(regionsAsked()).toEqual(["ap-south-1"]);
    },
  );

  it("an answer that stops half-way holds nobody longer than the time-out", async () => {
    service.sns.plan(() => "stall_in_body");
    const startedAt = performance.now();
    const sent = await service.sendOtp({ phone: freshPhone() });
    expect(performance.now() - startedAt).toBeLessThan(smsTimeoutMs + 1500);
    expect(sent.status).toBe(200);
    expect(regionsAsked()).toEqual(["ap-south-1"]);
  });
});

describe("a client that hangs up", () => {
  it("does not stop a send half-way", async () => {
    const phone = freshPhone();
    const arrived = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    service.store.plan(() => {
      arrived.resolve();
      return { after: gate.promise };
    });
    const hangUp = new AbortController();
    const request = fetch(`${service.url}/api/v1/auth/send-otp`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ phone }),
      signal: hangUp.signal,
    }).catch(() => null);
    await arrived.promise;
    hangUp.abort();
    await request;
    gate.resolve();
    await expect.poll(() => service.sent.filter(({ to }) => to === `+91${phone}`).length).toBe(1);
  });
});
