import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Service } from "../harness/service.ts";
import { freshAddress, freshPhone, startService } from "../harness/service.ts";

let service: Service;
beforeAll(async () => {
  service = await startService({ POLICY: { sendsPerHourPerIp: 2, verifiesPerHourPerIp: 2 } });
});
afterAll(() => service.close());

/** All that some proxy, somewhere, is believed by. */
const claimed = (address: string) => ({
  "X-Forwarded-For": address,
  "X-Real-IP": address,
  "True-Client-IP": address,
  "X-Client-IP": address,
  "CF-Connecting-IPv6": address,
  "CF-Pseudo-IPv4": address,
  Forwarded: `for=${address}`,
});

async function sends(headers: (index: number) => Record<string, string>, count = 3): Promise<string[]> {
  const answers = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await service.sendOtp({ phone: freshPhone() }, headers(index));
    answers.push(body.success ? "sent" : String(body.error?.["limit"]));
  }
  return answers;
}

describe("CF-Connecting-IP", () => {
  const limited = ["sent", "sent", "sendsPerHourPerIp"];

  it("is the only address that is believed, on a send", async () => {
    const address = freshAddress();
    const lying = () => ({ ...claimed(freshAddress()), "CF-Connecting-IP": address });
    expect(await sends(lying)).toEqual(limited);
    const moving = () => ({ ...claimed("192.0.2.1"), "CF-Connecting-IP": freshAddress() });
    expect(await sends(moving)).toEqual(["sent", "sent", "sent"]);
  });

  it("is the only address that is believed, on a guess without a challenge id", async () => {
    const address = freshAddress();
    const answers = [];
    for (let index = 0; index < 3; index += 1) {
      const headers = { ...claimed(freshAddress()), "CF-Connecting-IP": address };
      answers.push(await service.verifyOtp({ phone: freshPhone(), otp: "123456" }, headers));
    }
    expect(answers.map(({ body }) => body.error?.["limit"] ?? body.error?.["code"])).toEqual([
      "OTP_EXPIRED",
      "OTP_EXPIRED",
      "verifiesPerHourPerIp",
    ]);
  });

  it("that is malformed makes one address of all, whatever else they say", async () => {
    const spoilt = ["localhost", "203.0.113.7, 203.0.113.8", "2001:db8::g"];
    const headers = (index: number) => ({
      ...claimed(freshAddress()),
      "CF-Connecting-IP": spoilt[index] ?? "",
    });
    expect(await sends(headers)).toEqual(limited);
  });

  it("of IPv6 is one address for the /64 that one person has", async () => {
    const network = `2001:db8:${(Date.now() % 0xffff).toString(16)}`;
    expect(await sends((index) => ({ "CF-Connecting-IP": `${network}:7::${index + 1}` }))).toEqual(limited);
    expect(await sends((index) => ({ "CF-Connecting-IP": `${network}:8:${index}::1` }))).toEqual(limited);
    expect(await sends((index) => ({ "CF-Connecting-IP": `${network}:${10 + index}::1` }))).toEqual([
      "sent",
      "sent",
      "sent",
    ]);
  });
});
