import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Exchange, Fault } from "../harness/fault-proxy.ts";
import type { Service } from "../harness/service.ts";
import { freshPhone, startService, wrongGuess } from "../harness/service.ts";

/** Everything that a person, a log, a store or an upstream's complaint could give away, after every kind of path. */
let service: Service;
const phones: string[] = [];
const codes: string[] = [];
const answers: string[] = [];

const quoting = ({ body }: Exchange): Fault => ({
  status: 400,
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>${decodeURIComponent(body).replaceAll(/[<&]/g, " ")}</Message></Error></ErrorResponse>`,
});

beforeAll(async () => {
  service = await startService({
    POLICY: { storeTimeoutMs: 300, smsTimeoutMs: 300, resendAfterSeconds: 0, sendsPerHour: 3 },
  });
  const storeFaults: Fault[] = [
    "pass",
    "drop_before",
    "drop_after",
    "hang_after",
    "cut_in_body",
    { rewrite: (body) => JSON.stringify({ error: `ERR quoting ${body}` }) },
  ];
  const snsFaults: ((exchange: Exchange) => Fault)[] = [
    () => "pass",
    () => "drop_after",
    () => "hang_before",
    quoting,
  ];
  for (const [storeIndex, store] of storeFaults.entries()) {
    for (const [snsIndex, sns] of snsFaults.entries()) {
      if (storeIndex > 0 && snsIndex > 0) continue;
      await walk(store, sns);
    }
  }
  await vi.waitFor(() => expect(service.logs.length).toBe(answers.length));
});
afterAll(() => service.close());

async function walk(store: Fault, sns: (exchange: Exchange) => Fault): Promise<void> {
  const phone = freshPhone();
  phones.push(phone);
  const keep = async (answer: Promise<{ body: unknown }>) =>
    answers.push(JSON.stringify((await answer).body));
  const sent = await service.sendOtp({ phone }, { "Idempotency-Key": `key of ${phone.slice(0, 4)}` });
  answers.push(JSON.stringify(sent.body));
  const code = service.codeFor(phone);
  codes.push(code);
  const challengeId = sent.body.data?.["challengeId"];
  service.store.plan(() => store);
  service.sns.plan(sns);
  await keep(service.sendOtp({ phone }));
  await keep(service.verifyOtp({ phone, otp: wrongGuess(code), challengeId }));
  await keep(service.verifyOtp({ phone, otp: wrongGuess(code, 2) }));
  await keep(service.verifyOtp({ phone, otp: code, challengeId: `${String(challengeId).slice(0, -1)}-` }));
  await keep(service.verifyOtp({ phone, otp: code, challengeId }));
  await keep(service.sendOtp({ phone: `${phone} x` }));
  await keep(service.post("/api/v1/auth/send-otp", `{"phone":"1","+91${phone}":1,"+91${phone}":2}`));
  await keep(service.request(`/${phone}?phone=${phone}`, { headers: { "X-Request-Id": phone } }));
  service.store.plan(() => "pass");
  service.sns.plan(() => "pass");
  await keep(service.verifyOtp({ phone, otp: code, challengeId }));
  for (let index = 0; index < 4; index += 1) await keep(service.sendOtp({ phone }));
}

const secrets = () =>
  ["UPSTASH_REDIS_REST_TOKEN", "ID_SECRET", "OTP_SECRET", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(
    (name) => service.bindings[name] ?? name,
  );

async function storeContents(): Promise<string> {
  const all = await service.backend.single(["KEYS", "*"]);
  if (!("result" in all) || !Array.isArray(all.result)) throw new Error("no keys");
  const values = await Promise.all(
    all.result.map(async (key) => {
      const name = String(key);
      const type = await service.backend.single(["TYPE", name]);
      const reads = {
        hash: ["HGETALL", name],
        zset: ["ZRANGE", name, "0", "-1", "WITHSCORES"],
        string: ["GET", name],
      };
      const kind = "result" in type ? String(type.result) : "";
      return [name, await service.backend.single(reads[kind as keyof typeof reads])];
    }),
  );
  return JSON.stringify(values);
}

describe("nothing leaks", () => {
  it("into the logs: no number, code, token or secret, and one line of JSON a request with nothing beside", () => {
    const logs = JSON.stringify(service.logs);
    for (const secret of [...phones, ...codes.map((code) => `"${code}"`), ...secrets()])
      expect(logs).not.toContain(secret);
    expect(logs).not.toMatch(/otp:|guess:|HSETNX|Bearer|ERR /);
    expect(service.noise).toEqual([]);
    expect(service.logs.length).toBe(answers.length);
    for (const line of service.logs) {
      for (const field of ["requestId", "method", "route", "status", "outcome", "durationMs"])
        expect(line).toHaveProperty(field);
    }
  });

  it("into the store: no number and no code, and every key has a TTL", async () => {
    const contents = await storeContents();
    for (const secret of [...phones, ...secrets(), "203.0.113", "key of"])
      expect(contents).not.toContain(secret);
    // Six digits in a row could be a coincidence in a time or a random id, a code as a value of its own could not.
    for (const code of codes) expect(contents).not.toContain(`"${code}"`);
    const all = await service.backend.single(["KEYS", "*"]);
    for (const key of "result" in all && Array.isArray(all.result) ? all.result : []) {
      const ttl = await service.backend.single(["TTL", String(key)]);
      expect([key, "result" in ttl && ttl.result !== -1]).toEqual([key, true]);
    }
  });

  it("into the answers: no vendor's words, no secret, and no number but the caller's own once verified", () => {
    for (const answer of answers) {
      for (const secret of secrets()) expect(answer).not.toContain(secret);
      expect(answer).not.toMatch(/ERR |quoting|Throttling|localhost|redis|upstash|amazon|HSETNX/i);
      if (answer.includes('"success":false')) for (const phone of phones) expect(answer).not.toContain(phone);
    }
  });
});
