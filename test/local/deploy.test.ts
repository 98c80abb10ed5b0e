import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deploy } from "../../src/local/deploy/deploy.ts";
import { parseDeployOptions } from "../../src/local/deploy/options.ts";
import { firstTestNumber, runSmokeTest } from "../../src/local/deploy/smoke-test.ts";
import type { Finding } from "../../src/local/doctor/finding.ts";
import type { Script, StandInTools } from "../harness/deploy-tools.ts";
import { createTools } from "../harness/deploy-tools.ts";
import { entry, NEW } from "../harness/deploy-entry.ts";
import { statuses } from "../harness/patient.ts";
import { APPS, freshPhone, startService, type Service } from "../harness/service.ts";

const PHONE = `+91${freshPhone()}`;
const CODE = "428913";
const WITH_NUMBER = { ...APPS, transporter: { ...APPS.transporter, testNumbers: { [PHONE]: CODE } } };
const NUMBER = { role: "transporter", phone: PHONE, code: CODE, audience: "transporter" };

let service: Service;
beforeAll(async () => {
  service = await startService({ APPS: WITH_NUMBER });
});
beforeEach(() => {
  service.store.reset();
});
afterAll(() => service.close());

const toml = (testNumbers: boolean): string => `
name = "edge-otp"
[env.staging.vars]
ISSUER = "https://edge-otp.test"
[env.staging.vars.APPS.customer]
name = "Weelo"
[env.staging.vars.APPS.transporter]
name = "Weelo Captain"
${testNumbers ? `testNumbers = { "${PHONE}" = "${CODE}" }` : ""}
`;

const BEFORE = "11111111-1111-4111-8111-111111111111";

const LIST = JSON.stringify([
  { created_on: "2026-01-01T00:00:00Z", versions: [{ version_id: "older", percentage: 100 }] },
  {
    created_on: "2026-02-01T00:00:00Z",
    versions: [
      { version_id: "a-trial", percentage: 5 },
      { version_id: BEFORE, percentage: 95 },
    ],
  },
]);

const GOOD: Script = { list: { stdout: LIST }, deploy: { output: entry(["https://edge-otp.test"]) } };

let tools: StandInTools | null = null;
afterEach(async () => {
  await tools?.close();
  tools = null;
});

async function runDeploy(
  script: Script,
  { args = ["--url", service.url], hasNumber = true }: { args?: readonly string[]; hasNumber?: boolean } = {},
) {
  tools = await createTools(script, toml(hasNumber));
  const options = parseDeployOptions(["--env", "staging", ...args]);
  if ("problem" in options) throw new Error(options.problem);
  const isLive = await deploy(options, tools);
  return { isLive, said: tools.said.join("\n"), started: await tools.started() };
}

describe("npm run deploy", () => {
  it("checks, asks the doctor, notes what is live, deploys, signs in, and tells how to go back", async () => {
    const { isLive, said, started } = await runDeploy(GOOD);
    expect(started).toEqual([
      "check",
      "doctor --env staging",
      "wrangler deployments list --json --env staging",
      "wrangler deploy --env staging",
    ]);
    expect(said).toContain(`Now version ${NEW} is live in staging.`);
    expect(said).toContain(`To go back:  npx wrangler rollback ${BEFORE} --env staging`);
    expect(said).toContain("Its code is taken, and tokens come. (smoke.verify)");
    expect(said).toContain("A backend would take the access token. (smoke.token)");
    expect(said).toContain("0 failed");
    expect(isLive).toBe(true);
    expect(service.sent).toEqual([]);
  });

  it("lets the checks, which run what others wrote, see no secret", async () => {
    await runDeploy(GOOD);
    const seen = await tools?.seen();
    expect(seen).toEqual(expect.arrayContaining(["doctor OTP_SECRET", "wrangler CLOUDFLARE_API_TOKEN"]));
    expect(seen?.filter((line) => line.startsWith("check"))).toEqual([]);
  });

  it("shows neither the test number nor its code", async () => {
    const { said } = await runDeploy(GOOD);
    expect(said).not.toContain(PHONE.slice(3));
    expect(said).not.toContain(CODE);
  });

  it("gives the locations a moment before it looks at what they serve", async () => {
    const asked: number[] = [];
    service.store.plan(() => "pass");
    tools = await createTools(GOOD, toml(false));
    const options = parseDeployOptions(["--env", "staging", "--url", service.url]);
    if ("problem" in options) throw new Error(options.problem);
    await deploy(options, {
      ...tools,
      wait: () => Promise.resolve(void asked.push(service.store.exchanges.length)),
    });
    expect(asked).toEqual([0]);
  });

  it("says that nobody signed in where there is no test number, and is content", async () => {
    const { isLive, said } = await runDeploy(GOOD, { hasNumber: false });
    expect(said).toContain("nobody has signed in. (smoke.sign-in)");
    expect(isLive).toBe(true);
  });

  it.each<[string, Script, readonly string[], string]>([
    ["the checks fail", { ...GOOD, check: { code: 1 } }, ["check"], "the checks fail. Nothing was deployed."],
    [
      "the doctor finds a failure",
      { ...GOOD, doctor: { code: 1 } },
      ["check", "doctor --env staging"],
      "the doctor finds a failure. Nothing was deployed.",
    ],
    [
      "nobody can tell what is live",
      { ...GOOD, list: { code: 1, stderr: "Authentication error [code: 10000]" } },
      ["check", "doctor --env staging", "wrangler deployments list --json --env staging"],
      "Authentication error [code: 10000]",
    ],
    [
      "what is live is told in words that are not JSON",
      { ...GOOD, list: { stdout: "hoax" } },
      ["check", "doctor --env staging", "wrangler deployments list --json --env staging"],
      "wrangler cannot tell which version is live",
    ],
  ])("stops where %s", async (_name, script, expected, words) => {
    const { isLive, said, started } = await runDeploy(script);
    expect([isLive, started]).toEqual([false, expected]);
    expect(said).toContain(words);
    expect(said).not.toContain("Smoke test");
  });

  it("stops where wrangler fails to deploy, and does not say that nothing has happened", async () => {
    const { isLive, said } = await runDeploy({ ...GOOD, deploy: { code: 1 } });
    expect(isLive).toBe(false);
    expect(said).toContain("`wrangler deploy` failed");
    expect(said).not.toContain("Nothing was deployed");
  });

  it("stops at once where wrangler.toml has no such environment", async () => {
    tools = await createTools(GOOD, 'name = "edge-otp"\n[env.production]\n');
    const options = parseDeployOptions(["--env", "staging"]);
    if ("problem" in options) throw new Error(options.problem);
    expect([await deploy(options, tools), await tools.started()]).toEqual([false, []]);
    expect(tools.said.join()).toContain("no such environment");
  });

  it("knows a first deploy, which has nothing to go back to", async () => {
    const list = { code: 1, stderr: "This Worker does not exist on your account. [code: 10007]" };
    const { isLive, said } = await runDeploy({ ...GOOD, list });
    expect(isLive).toBe(true);
    expect(said).toContain("It is the first one: there is nothing to go back to.");
  });

  it("hands secrets of a file to the doctor and to wrangler, and a vars file to the doctor alone", async () => {
    const tried = await runDeploy(GOOD, { args: ["--url", service.url, "--secrets-file", "script.json"] });
    expect(tried.started).toContain("doctor --env staging --vars-file script.json");
    expect(tried.started).toContain("wrangler deploy --env staging --secrets-file script.json");
    await tools?.close();
    const again = await runDeploy(GOOD, { args: ["--url", service.url, "--vars-file", "script.json"] });
    expect(again.started).toContain("doctor --env staging --vars-file script.json");
    expect(again.started).toContain("wrangler deploy --env staging");
  });
});

describe("a smoke test that fails", () => {
  const broken = { status: 400, body: '{"error":"ERR"}' };

  it("is told loudly, with the way back, and is a failure", async () => {
    service.store.plan(({ body }) => (body.includes("ready") ? broken : "pass"));
    const { isLive, said, started } = await runDeploy(GOOD);
    expect(isLive).toBe(false);
    expect(said).toContain(`THE SMOKE TEST FAILED, and version ${NEW} is live in staging.`);
    expect(said).toContain(`Go back:  npx wrangler rollback ${BEFORE} --env staging`);
    expect(started.some((line) => line.includes("rollback"))).toBe(false);
  });

  it("brings the version before back where that is asked for, and is a failure still", async () => {
    service.store.plan(() => broken);
    const { isLive, said, started } = await runDeploy(GOOD, {
      args: ["--url", service.url, "--rollback-on-failure"],
    });
    expect(isLive).toBe(false);
    expect(started.at(-2)).toMatch(`wrangler rollback ${BEFORE} --env staging --yes --message `);
    expect(started.at(-1)).toBe("wrangler deployments list --json --env staging");
    expect(said).toContain(`Rolled back: version ${BEFORE} is live again.`);
  });

  it("says where that failed too", async () => {
    service.store.plan(() => broken);
    const script = { ...GOOD, rollback: { code: 1 } };
    const { said } = await runDeploy(script, { args: ["--url", service.url, "--rollback-on-failure"] });
    expect(said).toContain("THE ROLLBACK FAILED TOO. Try by hand:  npx wrangler rollback");
  });

  it("believes no rollback before it sees that version live: wrangler may have asked, and been told no", async () => {
    service.store.plan(() => broken);
    const versions = [{ version_id: NEW, percentage: 100 }];
    const stdout = JSON.stringify([{ created_on: "2026-03-01T00:00:00Z", versions }]);
    const script = { ...GOOD, relist: { stdout } };
    const { said } = await runDeploy(script, { args: ["--url", service.url, "--rollback-on-failure"] });
    expect(said).toContain("THE ROLLBACK FAILED TOO. Try by hand:  npx wrangler rollback");
  });

  it("asks the address that wrangler names, the issuer's first", async () => {
    const targets = ["https://127.0.0.1.example.invalid", "edge-otp.test (custom domain)"];
    const { said, isLive } = await runDeploy({ ...GOOD, deploy: { output: entry(targets) } }, { args: [] });
    expect(said).toContain("Smoke test of https://edge-otp.test\n");
    expect(isLive).toBe(false);
  });
});

describe("a smoke test", () => {
  async function smoke(
    changed: Partial<Parameters<typeof runSmokeTest>[0]> = {},
  ): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    for await (const finding of runSmokeTest({
      url: service.url,
      issuer: "https://edge-otp.test",
      testNumber: NUMBER,
      trust: null,
      timeoutMs: 5000,
      tries: 3,
      wait: () => Promise.resolve(),
      ...changed,
    }))
      findings.push(finding);
    return findings;
  }

  it("waits for an address that is not there yet", async () => {
    let waits = 0;
    const wait = (): Promise<void> => {
      waits += 1;
      return Promise.resolve();
    };
    const findings = await smoke({ url: "https://127.0.0.1:1", wait });
    expect([waits, statuses(findings)["smoke.health"]]).toEqual([2, "fail"]);
  });

  it("finds a code that is not the number's", async () => {
    const findings = await smoke({ testNumber: { ...NUMBER, code: "000000" } });
    expect(statuses(findings)).toMatchObject({ "smoke.verify": "fail", "smoke.token": "skipped" });
    expect(JSON.stringify(findings)).toContain("400 (OTP_INVALID)");
  });

  it("finds tokens of another issuer", async () => {
    const findings = await smoke({ issuer: "https://auth.example" });
    expect(statuses(findings)).toMatchObject({ "smoke.issuer": "warn", "smoke.token": "fail" });
  });

  it("finds tokens for another audience", async () => {
    const findings = await smoke({ testNumber: { ...NUMBER, audience: "weelo-captain" } });
    expect(statuses(findings)).toMatchObject({ "smoke.verify": "ok", "smoke.token": "fail" });
  });

  it("takes a limit for no failure, and says that nobody signed in", async () => {
    const phone = `+91${freshPhone()}`;
    const testNumber = { role: "customer", phone, code: CODE, audience: "customer" };
    await service.sendOtp({ phone, role: "customer" });
    const findings = await smoke({ testNumber });
    expect(statuses(findings)).toMatchObject({ "smoke.send": "skipped", "smoke.verify": "skipped" });
    expect(JSON.stringify(findings)).toContain("OTP_RATE_LIMIT_EXCEEDED");
  });
});

describe("the test number of an environment", () => {
  it("is of no role with Turnstile, which no program passes", () => {
    const { transporter } = WITH_NUMBER;
    const guarded = { ...transporter, turnstile: { hostnames: ["auth.example"] } };
    expect(firstTestNumber({ transporter: guarded })).toBeNull();
    expect(firstTestNumber({ customer: guarded, transporter })?.role).toBe("transporter");
  });

  it("is the first that any role has", () => {
    expect(firstTestNumber(WITH_NUMBER)).toEqual(NUMBER);
    expect(firstTestNumber(JSON.stringify(WITH_NUMBER))).toEqual(NUMBER);
    const named = { driver: { ...WITH_NUMBER.transporter, audience: "weelo-driver" } };
    expect(firstTestNumber(named)?.audience).toBe("weelo-driver");
    expect([firstTestNumber(APPS), firstTestNumber("hoax"), firstTestNumber(undefined)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
