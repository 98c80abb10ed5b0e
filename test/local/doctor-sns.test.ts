import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../../src/local/doctor/finding.ts";
import type { Patient } from "../../src/local/doctor/patient.ts";
import { READY_ACCOUNT, type SnsAccount } from "../../src/local/sns/account.ts";
import { startSns } from "../../src/local/sns/server.ts";
import { closedPort, startPlainServer } from "../harness/bad-servers.ts";
import type { Fault } from "../harness/fault-proxy.ts";
import { startFaultProxy } from "../harness/fault-proxy.ts";
import { finding, findingsOf, patientOf, statuses } from "../harness/patient.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
beforeAll(async () => {
  upstreams = await startUpstreams();
});
beforeEach(() => upstreams.sns.reset());
afterAll(() => upstreams.close());

/** The store is another test's. */
async function examineSns(changed: Partial<Patient> = {}): Promise<readonly Finding[]> {
  const bindings = {
    UPSTASH_REDIS_REST_URL: "https://127.0.0.1:1",
    SNS_REGIONS: "ap-south-1",
    ...changed.bindings,
  };
  const findings = await findingsOf(patientOf(upstreams, { ...changed, bindings }));
  return findings.filter(({ id }) => id.startsWith("sns."));
}

/** The same, of an account that is another. */
async function examineAccount(account: Partial<SnsAccount>, changed: Partial<Patient> = {}) {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } =
    upstreams.bindings;
  const sns = await startSns({
    credentials: { accessKeyId, secretAccessKey },
    tls: await upstreams.authority.issue(),
    account: { ...READY_ACCOUNT, ...account },
    onMessage: (sms) => upstreams.sent.push(sms),
  });
  const findings = await examineSns({ ...changed, bindings: { SNS_ENDPOINT: sns.url, ...changed.bindings } });
  await sns.close();
  return findings;
}

const PHONE = "+919876543210";
const at = (findings: readonly Finding[], what: string): Finding =>
  finding(findings, `sns.ap-south-1.${what}`);

describe("the doctor, of an AWS account that may send", () => {
  it("finds so in every region, in this order, and sends nothing", async () => {
    const findings = await examineSns({ phone: PHONE, bindings: { SNS_REGIONS: "ap-south-1,ap-south-2" } });
    const each = (region: string) =>
      ["dns", "tls", "clock", "credentials", "spend-limit", "sandbox", "opt-out"].map((what) => [
        `sns.${region}.${what}`,
        "ok",
      ]);
    expect(Object.entries(statuses(findings))).toEqual([...each("ap-south-1"), ...each("ap-south-2")]);
    expect(upstreams.sent).toEqual([]);
    expect(upstreams.sns.exchanges.some(({ body }) => body.includes("Publish"))).toBe(false);
  });

  it("asks about nobody's number unless one is given, and shows of it what the service shows", async () => {
    expect((await examineSns()).some(({ id }) => id.endsWith("opt-out"))).toBe(false);
    expect(upstreams.sns.exchanges.some(({ body }) => body.includes("OptedOut"))).toBe(false);
    expect(at(await examineSns({ phone: PHONE }), "opt-out").message).toContain("91****3210");
  });

  it("asks AWS itself where no other endpoint is named", async () => {
    const findings = await examineSns({ timeoutMs: 2000, bindings: { SNS_ENDPOINT: undefined } });
    expect(at(findings, "dns").message).toContain("sns.ap-south-1.amazonaws.com");
  });
});

describe("the doctor, of AWS credentials", () => {
  it("finds a key that AWS does not know", async () => {
    const findings = await examineSns({ bindings: { AWS_ACCESS_KEY_ID: "AKIAOTHEROTHEROTHER1" } });
    expect(at(findings, "credentials")).toMatchObject({
      status: "fail",
      message: "AWS does not know the access key in ap-south-1.",
    });
    expect(at(findings, "sandbox").status).toBe("skipped");
  });

  it("thinks of a region that is not switched on, where that can be", async () => {
    const other = { AWS_ACCESS_KEY_ID: "AKIAOTHEROTHEROTHER1", SNS_REGIONS: "ap-south-1,ap-south-2" };
    const findings = await examineSns({ bindings: other });
    expect(finding(findings, "sns.ap-south-2.credentials").fix).toContain("enable ap-south-2");
    expect(at(findings, "credentials").fix).not.toContain("enable");
  });

  it("finds a secret that belongs to another key", async () => {
    const findings = await examineSns({ bindings: { AWS_SECRET_ACCESS_KEY: "a-secret-of-another-key" } });
    expect(at(findings, "credentials")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("the secret is not its own"),
    });
  });

  it("finds a session that has expired", async () => {
    upstreams.sns.plan(({ body }) =>
      body.includes("GetSMSAttributes") ? awsError("ExpiredToken", 403) : "pass",
    );
    expect(at(await examineSns(), "credentials")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("session has expired"),
    });
  });

  it("names what else AWS says, and quotes none of its words", async () => {
    upstreams.sns.plan(({ body }) => (body.includes("Sandbox") ? awsError("Throttled", 429) : "pass"));
    const { status, message } = at(await examineSns(), "sandbox");
    expect([status, message]).toEqual(["fail", "SNS in ap-south-1 refuses to answer (Throttled)."]);
  });

  it.each<[string, Fault]>([
    ["hangs", "hang_before"],
    ["breaks off", "drop_before"],
    ["answers with a page", { status: 502, body: "<html>hoax</html>" }],
  ])("ends where SNS %s", async (_name, fault) => {
    upstreams.sns.plan(({ body }) => (body.includes("GetSMSAttributes") ? fault : "pass"));
    const { status, message } = at(await examineSns({ timeoutMs: 1500 }), "credentials");
    expect(status).toBe("fail");
    expect(message).not.toContain("hoax");
    expect(upstreams.sns.exchanges.filter(({ body }) => body.includes("GetSMSAttributes"))).toHaveLength(1);
  });
});

describe("the doctor, of what the IAM policy does not allow", () => {
  it("knows the credentials by the refusal, and names the action to allow", async () => {
    const denied = ["GetSMSAttributes", "GetSMSSandboxAccountStatus", "CheckIfPhoneNumberIsOptedOut"];
    const findings = await examineAccount({ denied }, { phone: PHONE });
    expect(at(findings, "credentials").status).toBe("ok");
    for (const [what, action] of [
      ["spend-limit", "sns:GetSMSAttributes"],
      ["sandbox", "sns:GetSMSSandboxAccountStatus"],
      ["opt-out", "sns:CheckIfPhoneNumberIsOptedOut"],
    ] as const) {
      expect(at(findings, what)).toMatchObject({ status: "skipped", fix: expect.stringContaining(action) });
    }
  });

  it.each(["AccessDenied", "AccessDeniedException", "AuthorizationError"])(
    "takes %s for it",
    async (code) => {
      upstreams.sns.plan(({ body }) => (body.includes("Sandbox") ? awsError(code, 403) : "pass"));
      expect(at(await examineSns(), "sandbox").status).toBe("skipped");
    },
  );
});

describe("the doctor, of what the account may send", () => {
  it.each([
    ["production", true, "fail"],
    ["production", false, "ok"],
    ["staging", true, "warn"],
    [null, true, "warn"],
  ])("in %s, with the sandbox %s: %s", async (environment, isInSandbox, status) => {
    expect(at(await examineAccount({ isInSandbox }, { environment }), "sandbox").status).toBe(status);
  });

  it.each([
    ["production", 1, "fail"],
    ["production", 0, "fail"],
    ["production", 2, "ok"],
    ["staging", 1, "warn"],
    [null, null, "warn"],
  ])("in %s, with %s dollars a month: %s", async (environment, monthlySpendLimit, status) => {
    expect(at(await examineAccount({ monthlySpendLimit }, { environment }), "spend-limit").status).toBe(
      status,
    );
  });

  it("takes ENVIRONMENT for the name of the environment too", async () => {
    const bindings = { ENVIRONMENT: "production" };
    expect(at(await examineAccount({ isInSandbox: true }, { bindings }), "sandbox").status).toBe("fail");
  });

  it("finds a number that has opted out, and shows none of its middle", async () => {
    const found = at(await examineAccount({ optedOut: [PHONE] }, { phone: PHONE }), "opt-out");
    expect(found).toMatchObject({ status: "fail", message: expect.stringContaining("91****3210") });
  });
});

describe("the doctor, of the way to SNS", () => {
  it("judges each region's certificate", async () => {
    const tls = await upstreams.authority.issue({ hosts: ["sns.example"] });
    const proxy = await startFaultProxy({ upstream: upstreams.sns.url, tls, ca: upstreams.authority.caPem });
    const findings = await examineSns({ bindings: { SNS_ENDPOINT: `${proxy.url}/{region}` } });
    await proxy.close();
    expect(at(findings, "tls")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("not for localhost"),
    });
    expect([at(findings, "credentials").status, proxy.exchanges]).toEqual(["skipped", []]);
  });

  it("names a closed port and a server without TLS", async () => {
    const plain = await startPlainServer();
    const [closed, open] = await Promise.all(
      [await closedPort(), plain.url].map((url) =>
        examineSns({ bindings: { SNS_ENDPOINT: `${url}/{region}` } }),
      ),
    );
    await plain.close();
    expect(at(closed ?? [], "tls").message).toContain("Nobody listens");
    expect(at(open ?? [], "tls").message).toContain("does not speak TLS");
  });

  it("judges this machine's clock, which signatures depend on", async () => {
    const findings = await examineSns({ now: () => Date.now() - 5 * 60_000 });
    expect(at(findings, "clock")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("300 s behind"),
    });
  });

  it.each(["SNS_ENDPOINT", "SNS_REGIONS", "AWS_SESSION_TOKEN"])(
    "asks nobody while %s is wrong",
    async (name) => {
      const findings = await examineSns({ bindings: { [name]: "not a sound value" } });
      expect(finding(findings, "sns.credentials")).toMatchObject({ status: "skipped" });
      expect(upstreams.sns.exchanges.some(({ body }) => body.includes("Action="))).toBe(false);
    },
  );
});

function awsError(code: string, status: number): Fault {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>hoax ${PHONE}</Message></Error>`;
  return {
    status,
    body: `<ErrorResponse>${error}<RequestId>r</RequestId></ErrorResponse>`,
    headers: { "content-type": "text/xml" },
  };
}
