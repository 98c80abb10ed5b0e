import { diagnose } from "./diagnose.ts";
import type { Finding } from "./finding.ts";
import { about } from "./finding.ts";
import type { Gathered } from "./gather.ts";
import { gather } from "./gather.ts";
import type { Options } from "./options.ts";
import { parseOptions, USAGE } from "./options.ts";
import { describeFinding, summarize } from "./report.ts";

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** `npm run doctor`: true where nothing failed. */
async function doctor(options: Options): Promise<boolean> {
  const gathered = await gather(options, { root: process.cwd(), environment: process.env });
  const findings: Finding[] = [];
  if (!options.asJson) say(introduce(options, gathered));
  for await (const finding of findingsOf(gathered)) {
    findings.push(finding);
    if (!options.asJson) say(describeFinding(finding));
  }
  say(options.asJson ? JSON.stringify(findings, null, 2) : `\n${summarize(findings)}`);
  return findings.every(({ status }) => status !== "fail");
}

async function* findingsOf(gathered: Awaited<ReturnType<typeof gather>>): AsyncGenerator<Finding, void> {
  if ("problem" in gathered) yield about("configuration").fail(gathered.problem, gathered.fix);
  else yield* diagnose(gathered.patient);
}

function introduce(options: Options, gathered: Awaited<ReturnType<typeof gather>>): string {
  const subject = "patient" in gathered ? nameOf(options, gathered) : "the configuration";
  return `Looking at ${subject}.\n`;
}

function nameOf({ environment }: Options, { patient, sources }: Gathered): string {
  const what = patient.isLocal
    ? "the stack of `npm run dev`"
    : environment === null
      ? "the configuration for `wrangler dev`"
      : `the environment ${environment}`;
  return `${what}: ${sources.join(", ")}`;
}

/** Not by process.exitCode: a look-up that the system still waits for would hold the process. */
const end = (code: number): void => void process.stdout.write("", () => process.exit(code));

const options = parseOptions(process.argv.slice(2));
if ("problem" in options) {
  process.stderr.write(`${options.problem}\n\n${USAGE}`);
  end(1);
} else {
  end((await doctor(options)) ? 0 : 1);
}
