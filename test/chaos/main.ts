import { randomInt } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildBundle } from "../harness/bundle.ts";
import { writeSection } from "../report/write-section.ts";
import type { ChaosOptions, Findings, Part } from "./parts.ts";
import { parts } from "./parts.ts";

const ALL = Object.keys(parts) as Part[];

const USAGE = `npm run chaos -- [options]

  --only ${ALL.join(",")}
  --seed 1       of a run, to repeat it
  --soak 600     seconds that the soak lasts
  --embedded     without a real Redis, where a part can do without
  --write        puts the tables into test/chaos/README.md too
  --details DIR  writes what is behind the tables, PART.tsv each
`;

const PAGE = join(import.meta.dirname, "README.md");

async function wreak(
  wanted: readonly Part[],
  options: Pick<ChaosOptions, "seed" | "isEmbedded" | "soakSeconds">,
): Promise<ReadonlyMap<Part, Findings>> {
  const directory = await mkdtemp(join(tmpdir(), "edge-otp-chaos-"));
  const removeAtExit = () => rmSync(directory, { recursive: true, force: true });
  process.once("exit", removeAtExit);
  try {
    const module = await buildBundle(join(directory, "bundle"));
    const found = new Map<Part, Findings>();
    for (const part of wanted) {
      const startedAt = performance.now();
      const findings = await parts[part]({ module, directory, ...options });
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
      const verdict = findings.failures.length === 0 ? "no failure" : `${findings.failures.length} failures`;
      console.log(`\n${part}, seed ${options.seed}, ${seconds} s: ${verdict}\n\n${findings.table}`);
      for (const failure of findings.failures) console.error(`FAILED ${part}: ${failure}`);
      found.set(part, findings);
    }
    return found;
  } finally {
    process.off("exit", removeAtExit);
    await rm(directory, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    only: { type: "string", default: ALL.join(",") },
    seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
    soak: { type: "string", default: "600" },
    embedded: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    details: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
// What was started ends with this process, which a signal alone would not see to.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
const named = values.only.split(",");
const wanted = ALL.filter((part) => named.includes(part));
const areNumbers = [values.seed, values.soak].every((text) => /^\d{1,9}$/.test(text));
if (values.help || wanted.length !== named.length || !areNumbers) {
  console.log(USAGE);
  process.exitCode = values.help ? 0 : 1;
} else {
  const found = await wreak(wanted, {
    seed: Number(values.seed),
    isEmbedded: values.embedded,
    soakSeconds: Number(values.soak),
  });
  for (const [part, { table }] of values.write ? found : []) await writeSection(PAGE, `chaos ${part}`, table);
  for (const [part, { details }] of values.details === undefined ? [] : found)
    if (details !== undefined) await writeFile(join(values.details ?? "", `${part}.tsv`), details);
  if ([...found.values()].some(({ failures }) => failures.length > 0)) process.exitCode = 1;
}
