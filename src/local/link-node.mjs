// Plain JavaScript without imports from node_modules: npm runs it right after an install, on any Node from 20.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * The tools need a newer Node than the 20 that a machine may have, so the lock file brings one along, in a package for
 * each platform. npm 10 removes the link to it when it leaves the other platforms' packages out; this puts it back.
 */
export function linkNode() {
  const isLinked = existsSync("node_modules/.bin/node") || existsSync("node_modules/.bin/node.cmd");
  if (isLinked || Number.parseInt(process.versions.node, 10) >= 24) return;
  runNpm(["rebuild", "--ignore-scripts", "--loglevel=error"]);
}

/** The npm that called, or the one on the path. Ends the process where npm fails. */
export function runNpm(args) {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ["npm", []];
  const options = { stdio: "inherit", shell: !npm && process.platform === "win32" };
  const { status } = spawnSync(command, [...first, ...args], options);
  if (status !== 0) process.exit(status ?? 1);
}

if (process.argv[1]?.endsWith("link-node.mjs")) linkNode();
