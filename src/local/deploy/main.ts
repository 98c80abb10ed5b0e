import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { deploy } from "./deploy.ts";
import { parseDeployOptions, USAGE } from "./options.ts";

const WAIT_MS = 3000;

const doctor = fileURLToPath(import.meta.resolve("../doctor/main.ts"));
const wrangler = fileURLToPath(import.meta.resolve("wrangler/package.json")).replace(
  /package\.json$/,
  "bin/wrangler.js",
);

const options = parseDeployOptions(process.argv.slice(2));
if ("problem" in options) {
  process.stderr.write(`${options.problem}\n\n${USAGE}`);
  process.exitCode = 1;
} else {
  const isLive = await deploy(options, {
    root: process.cwd(),
    check: ["npm", "run", "check"],
    doctor: [process.execPath, doctor],
    wrangler: [process.execPath, wrangler],
    environment: process.env,
    say: (line) => void process.stdout.write(`${line}\n`),
    wait: () => setTimeout(WAIT_MS),
  });
  process.exitCode = isLive ? 0 : 1;
}
