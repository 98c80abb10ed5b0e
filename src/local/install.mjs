// Plain JavaScript without imports from node_modules: it runs before anything is installed, on Node 20.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";

const lockFile = "package-lock.json";
const installed = "node_modules/.package-lock.json";

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockFile).mtimeMs) {
  console.log("Installing what package-lock.json names …");
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ["npm", []];
  const options = { stdio: "inherit", shell: !npm && process.platform === "win32" };
  const { status } = spawnSync(command, [...args, "ci", "--no-audit", "--no-fund"], options);
  process.exit(status ?? 1);
}
