import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { promisify } from "node:util";

/**
 * Builds the Worker as `wrangler deploy` does, alias and minifying included, or another from its entry file; the path
 * of its one module.
 */
export async function buildBundle(directory: string, entry?: string): Promise<string> {
  const wrangler = join("node_modules", "wrangler", "bin", "wrangler.js");
  const args = [
    wrangler,
    "deploy",
    ...(entry === undefined ? [] : [entry]),
    "--dry-run",
    "--env=",
    "--outdir",
    directory,
    "--metafile",
  ];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true", XDG_CONFIG_HOME: directory };
  await promisify(execFile)(process.execPath, args, { env });
  return join(directory, entry === undefined ? "index.js" : basename(entry).replace(/\.ts$/, ".js"));
}
