// Plain JavaScript without imports from node_modules: it runs before anything is installed, on Node 20.
import { existsSync, statSync } from "node:fs";
import { linkNode, runNpm } from "./link-node.mjs";

const lockFile = "package-lock.json";
const installed = "node_modules/.package-lock.json";

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lockFile).mtimeMs) {
  console.log("Installing what package-lock.json names …");
  runNpm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
}
linkNode();
