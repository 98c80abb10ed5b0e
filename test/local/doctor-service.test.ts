import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../src/local/doctor/finding.ts";
import type { Patient } from "../../src/local/doctor/patient.ts";
import { createSigningKey, formatKeySet } from "../../src/local/signing-key.ts";
import type { Fault } from "../harness/fault-proxy.ts";
import { finding, findingsOf, patientOf, statuses } from "../harness/patient.ts";
import type { Service } from "../harness/service.ts";
import { startService } from "../harness/service.ts";
import type { Upstreams } from "../harness/upstreams.ts";
import { startUpstreams } from "../harness/upstreams.ts";

let upstreams: Upstreams;
let service: Service;
beforeAll(async () => {
  upstreams = await startUpstreams();
  service = await startService({}, { ...upstreams, close: () => Promise.resolve() });
});
afterAll(async () => {
  await service.close();
  await upstreams.close();
});

async function examineService(changed: Partial<Patient> = {}): Promise<readonly Finding[]> {
  const bindings = { SNS_ENDPOINT: "https://127.0.0.1:1/{region}", ...changed.bindings };
  const findings = await findingsOf(patientOf(upstreams, { url: service.url, ...changed, bindings }));
  return findings.filter(({ id }) => id.startsWith("service"));
}

/** The Worker is the right one, but not what it is configured with. */
async function withStore(faultOf: () => Fault, changed: Partial<Patient> = {}): Promise<readonly Finding[]> {
  upstreams.store.plan(({ body }) => (body.includes("ready") ? faultOf() : "pass"));
  const findings = await examineService(changed);
  upstreams.store.reset();
  return findings;
}

describe("the doctor, of the running service", () => {
  it("finds it well, and its keys and its address those of the configuration", async () => {
    const findings = await examineService({ isLocal: true });
    expect(statuses(findings)).toEqual({
      "service.health": "ok",
      "service.ready": "ok",
      "service.issuer": "ok",
      "service.jwks": "ok",
    });
  });

  it("says that it was not asked", async () => {
    expect(statuses(await examineService({ url: null }))).toEqual({ service: "skipped" });
  });

  it("finds an address that tokens do not name", async () => {
    expect(finding(await examineService(), "service.issuer")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("https://edge-otp.test"),
    });
  });

  it("compares the address as backends do", async () => {
    const url = "https://127.0.0.1:1";
    const findings = await examineService({ url, bindings: { ISSUER: "https://127.0.0.1:1/" } });
    expect(finding(findings, "service.issuer").status).toBe("ok");
    expect(finding(findings, "service.health").message).toContain("Nobody listens");
  });

  it("finds other keys than those of the configuration", async () => {
    const SIGNING_KEYS = formatKeySet([await createSigningKey()]);
    expect(finding(await examineService({ bindings: { SIGNING_KEYS } }), "service.jwks").status).toBe("fail");
  });

  it("counts the keys where there are none to compare with", async () => {
    const changed = { environment: "production", bindings: { SIGNING_KEYS: undefined } };
    expect(finding(await examineService(changed), "service.jwks")).toMatchObject({
      status: "skipped",
      message: expect.stringContaining("publishes 1 keys"),
    });
  });

  it("finds a Worker that is misconfigured", async () => {
    const broken = await startService(
      { OTP_SECRET: "short" },
      { ...upstreams, close: () => Promise.resolve() },
    );
    const findings = await examineService({ url: broken.url });
    await broken.close();
    expect(finding(findings, "service.health").message).toContain("is misconfigured");
    expect(finding(findings, "service.ready").status).toBe("skipped");
  });

  it("finds something else at the address", async () => {
    const findings = await examineService({ url: `${service.url}/elsewhere` });
    expect(finding(findings, "service.health").message).toContain("with 404, and not as this service does");
  });

  it("finds a Worker that cannot reach its store", async () => {
    const findings = await withStore(() => ({ status: 400, body: '{"error":"ERR hoax"}' }));
    expect(finding(findings, "service.ready")).toMatchObject({
      status: "fail",
      message: expect.stringContaining("GET /ready is 503"),
    });
  });

  it("finds a Worker that is far from its store", async () => {
    const late = (): Fault => ({ after: new Promise((resolve) => setTimeout(resolve, 150)) });
    expect(finding(await withStore(late, { slowMs: 100 }), "service.ready")).toMatchObject({
      status: "warn",
      fix: expect.stringContaining("[placement]"),
    });
  });
});
