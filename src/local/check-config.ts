import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { reportConfig } from "./config-report.ts";

/** `npm run config:check`: what is wrong with wrangler.toml, or with another file of that kind, before it is deployed. */
const [path = join(import.meta.dirname, "../../wrangler.toml")] = process.argv.slice(2);

try {
  const { lines, isRight } = reportConfig(await readFile(path, "utf8"));
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = isRight ? 0 : 1;
} catch (error) {
  process.stderr.write(`${path}: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
