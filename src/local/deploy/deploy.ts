import type { Finding } from "../doctor/finding.ts";
import { gather } from "../doctor/gather.ts";
import { describeFinding, summarize } from "../doctor/report.ts";
import { withoutSecrets } from "../doctor/secret-names.ts";
import type { Cloudflare, Deployed } from "./cloudflare.ts";
import { openCloudflare } from "./cloudflare.ts";
import type { DeployOptions } from "./options.ts";
import type { Command } from "./run-command.ts";
import { runVisibly } from "./run-command.ts";
import { firstTestNumber, runSmokeTest } from "./smoke-test.ts";

/** What deploying is made of; each a program of its own. */
export interface Tools {
  readonly root: string;
  readonly check: Command;
  readonly doctor: Command;
  readonly wrangler: Command;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  /** Between two tries to reach what was deployed. */
  readonly wait: () => Promise<void>;
}

const SMOKE_TRIES = 20;
const SMOKE_TIMEOUT_MS = 10_000;

/**
 * Checks, doctor, deploy, smoke test, in this order; what fails ends it, and before the deploy nothing has changed.
 * True where the new version is live and works.
 */
export async function deploy(options: DeployOptions, tools: Tools): Promise<boolean> {
  const { environment, varsFile, secretsFile } = options;
  const { root, say } = tools;
  const stop = (reason: string): false => {
    say(`\nStopped: ${reason} Nothing was deployed.`);
    return false;
  };
  const file = varsFile ?? secretsFile;
  const configured = await readConfigured(options, tools);
  if ("problem" in configured) return stop(`${configured.problem} ${configured.fix}`);
  const run = { cwd: root, env: tools.environment };
  const runWithoutSecrets = { cwd: root, env: withoutSecrets(tools.environment) };
  if ((await runVisibly(tools.check, [], runWithoutSecrets)) !== 0) return stop("the checks fail.");
  const doctorArgs = ["--env", environment, ...(file === null ? [] : ["--vars-file", file])];
  if ((await runVisibly(tools.doctor, doctorArgs, run)) !== 0) return stop("the doctor finds a failure.");
  const cloudflare = openCloudflare(tools.wrangler, environment, run);
  const live = await cloudflare.liveVersion();
  if (live.kind === "unknown")
    return stop(
      `wrangler cannot tell which version is live, so nobody could go back to it.\n${live.output}\n`,
    );
  const deployed = await cloudflare.deploy(secretsFile === null ? [] : ["--secrets-file", secretsFile]);
  if (deployed === null) {
    say("\nStopped: `wrangler deploy` failed; what it says above tells how far it came.");
    return false;
  }
  const before = live.kind === "version" ? live.id : null;
  say(describeDeployed(deployed, { environment, before }));
  if (await passes({ deployed, options, configured, tools })) return true;
  say(`\nTHE SMOKE TEST FAILED, and ${nameOf(deployed)} is live in ${environment}.`);
  say(await goBack(before, options, cloudflare));
  return false;
}

/** What was done about a failure, or is to be done. */
async function goBack(
  before: string | null,
  { environment, rollsBack }: DeployOptions,
  cloudflare: Cloudflare,
): Promise<string> {
  if (before === null) return "There is no version before it to go back to.";
  const command = rollbackCommand(before, environment);
  if (!rollsBack) return `Go back:  ${command}`;
  if (await cloudflare.rollback(before)) return `Rolled back: version ${before} is live again.`;
  return `THE ROLLBACK FAILED TOO. Try by hand:  ${command}`;
}

interface Configured {
  readonly issuer: string | null;
  readonly apps: unknown;
}

async function readConfigured(
  { environment, varsFile, secretsFile }: DeployOptions,
  tools: Tools,
): Promise<Configured | { readonly problem: string; readonly fix: string }> {
  const asked = { environment, isLocal: false, varsFile: varsFile ?? secretsFile };
  const gathered = await gather(
    { ...asked, url: null, phone: null, asJson: false },
    { root: tools.root, environment: tools.environment },
  );
  if ("problem" in gathered) return gathered;
  const { ISSUER: issuer, APPS: apps } = gathered.patient.bindings;
  return { apps, issuer: typeof issuer === "string" ? issuer.trim().replace(/\/+$/, "") : null };
}

async function passes(what: {
  readonly deployed: Deployed;
  readonly options: DeployOptions;
  readonly configured: Configured;
  readonly tools: Tools;
}): Promise<boolean> {
  const { deployed, options, configured, tools } = what;
  const { issuer, apps } = configured;
  const named = deployed.urls.find((url) => url === issuer) ?? deployed.urls[0] ?? issuer;
  const url = options.url ?? named;
  if (url === null) {
    tools.say("wrangler names no address, and neither --url nor ISSUER is given: nothing could be tested.");
    return false;
  }
  tools.say(`\nSmoke test of ${url}\n`);
  // For a few seconds after a deploy a location may still answer with the version before.
  await tools.wait();
  const findings: Finding[] = [];
  for await (const finding of runSmokeTest({
    url,
    issuer,
    testNumber: firstTestNumber(apps),
    trust: null,
    timeoutMs: SMOKE_TIMEOUT_MS,
    tries: SMOKE_TRIES,
    wait: tools.wait,
  })) {
    findings.push(finding);
    tools.say(describeFinding(finding));
  }
  tools.say(`\n${summarize(findings)}`);
  return findings.every(({ status }) => status !== "fail");
}

interface Replaced {
  readonly environment: string;
  readonly before: string | null;
}

const nameOf = ({ versionId }: Deployed): string =>
  versionId === null ? "a version that wrangler has not named" : `version ${versionId}`;

function describeDeployed(deployed: Deployed, { environment, before }: Replaced): string {
  const back =
    before === null
      ? "It is the first one: there is nothing to go back to."
      : `To go back:  ${rollbackCommand(before, environment)}`;
  return `\nNow ${nameOf(deployed)} is live in ${environment}.\n${back}`;
}

const rollbackCommand = (versionId: string, environment: string): string =>
  `npx wrangler rollback ${versionId} --env ${environment}`;
