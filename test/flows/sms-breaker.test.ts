import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fault } from "../harness/fault-proxy.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService } from "../harness/service.ts";

const throttled: Fault = {
  status: 400,
  headers: { "content-type": "text/xml" },
  body: '<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>Throttling</Code><Message>x</Message></Error></ErrorResponse>',
};
const rejected: Fault = { ...throttled, body: throttled.body.replace("Throttling", "InvalidParameter") };

// What an isolate knows of its regions outlives a test, so each has a Worker of its own.
let service: Service;
beforeEach(async () => {
  service = await startService({ POLICY: { smsTimeoutMs: 3000 } });
});
afterEach(() => service.close());

const statesOf = async () => (await service.request("/ready")).body.data?.["sms"];
const asked = () => service.sns.exchanges.map(({ path }) => path.replaceAll("/", ""));

async function sendTimes(times: number): Promise<void> {
  for (let sends = 0; sends < times; sends += 1) await service.sendOtp({ phone: freshPhone() });
}

describe("a region that keeps failing", () => {
  it.each([
    ["refusing", throttled],
    ["silent", "drop_before"],
  ] as const)("(%s) is skipped, which the log and /ready show", async (_, fault) => {
    service.sns.plan(({ path }) => (path.includes("ap-south-1") ? fault : "pass"));
    await sendTimes(4);
    expect(await statesOf()).toEqual({ regions: { "ap-south-1": "closed", "ap-south-2": "closed" } });
    await sendTimes(1);
    expect(await statesOf()).toEqual({ regions: { "ap-south-1": "open", "ap-south-2": "closed" } });
    service.sns.reset();
    const sent = await service.sendOtp({ phone: freshPhone() });
    expect([sent.body.data?.["delivery"], asked()]).toEqual(["accepted", ["ap-south-2"]]);
    await expect
      .poll(() => service.logs.map(({ sms }) => sms))
      .toContainEqual(["ap-south-1:skipped", "ap-south-2:sent"]);
  });

  it("is tried last where the others did not send, and closes when it does", async () => {
    service.sns.plan(({ path }) => (path.includes("ap-south-1") ? throttled : "pass"));
    await sendTimes(5);
    service.sns.reset();
    service.sns.plan(({ path }) => (path.includes("ap-south-2") ? throttled : "pass"));
    const sent = await service.sendOtp({ phone: freshPhone() });
    expect([sent.body.data?.["delivery"], asked()]).toEqual(["accepted", ["ap-south-2", "ap-south-1"]]);
    expect(await statesOf()).toEqual({ regions: { "ap-south-1": "closed", "ap-south-2": "closed" } });
  });

  it("refuses nobody: with all of them open each is asked in its order", async () => {
    service.sns.plan(() => throttled);
    await sendTimes(5);
    expect(await statesOf()).toEqual({ regions: { "ap-south-1": "open", "ap-south-2": "open" } });
    service.sns.reset();
    service.sns.plan(() => throttled);
    expect((await service.sendOtp({ phone: freshPhone() })).status).toBe(503);
    expect(asked()).toEqual(["ap-south-1", "ap-south-2"]);
    service.sns.reset();
    expect((await service.sendOtp({ phone: freshPhone() })).status).toBe(200);
    expect(asked()).toEqual(["ap-south-1"]);
  });

  it("is not one that refuses messages or numbers", async () => {
    service.sns.plan(() => rejected);
    await sendTimes(10);
    expect(await statesOf()).toEqual({ regions: { "ap-south-1": "closed", "ap-south-2": "closed" } });
  });
});

describe("/ready", () => {
  it("asks SNS for nothing", async () => {
    await statesOf();
    expect(service.sns.exchanges).toEqual([]);
  });
});
