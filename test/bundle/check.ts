import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildBundle } from "../harness/bundle.ts";

/** What is deployed: `npm run bundle` builds it as `wrangler deploy` does, looks into it, and prints its size. */
const MOST_KIB = 188;

const directory = await mkdtemp(join(tmpdir(), "edge-otp-bundle-"));
const code = await readFile(await buildBundle(directory), "utf8");
const meta = JSON.parse(await readFile(join(directory, "bundle-meta.json"), "utf8")) as {
  inputs: Record<string, { imports: { path: string }[] }>;
};
await rm(directory, { recursive: true });

const inputs = Object.keys(meta.inputs);
const imports = Object.values(meta.inputs).flatMap((input) => input.imports.map(({ path }) => path));
const gzipKib = gzipSync(code, { level: 9 }).length / 1024;

const checks: readonly (readonly [string, boolean])[] = [
  ["parses XML without DOMParser", !/new DOMParser/.test(code)],
  [
    "has no Node built-in",
    !imports.some((path) => path.startsWith("node:")) && !/from\s*["']node:|require\(["']node:/.test(code),
  ],
  ["holds nothing of src/local", !inputs.some((path) => path.includes("src/local"))],
  ["holds no test", !inputs.some((path) => /(^|\/)test\//.test(path) && !path.includes("node_modules"))],
  [
    "holds the document, and nothing of what makes it",
    inputs.filter((path) => path.includes("src/openapi/")).join() === "src/openapi/document.json",
  ],
  ["reads no streams of events", !inputs.some((path) => path.includes("event-streams/"))],
  ["is one module", !/^\s*import\s.*from\s/m.test(code)],
  [`weighs ${MOST_KIB} KiB gzip at most`, gzipKib <= MOST_KIB],
];

for (const [promise, kept] of checks) console.log(`${kept ? "ok    " : "FAILED"} the bundle ${promise}`);
console.log(`${gzipKib.toFixed(1)} KiB gzip, ${(code.length / 1024).toFixed(1)} KiB minified`);
const failed = checks.filter(([, kept]) => !kept).length;
process.exitCode = failed > 0 ? 1 : 0;
