import { chmod, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The file that a run of `npm run dev` keeps its Worker's bindings in: it tells the port and the process. */
export interface DevVars {
  readonly name: string;
  readonly port: number;
}

const NAME = /^dev-(\d+)-(\d+)\.vars$/;

/** Those in a directory whose process still runs. */
export async function listDevVars(directory: string): Promise<readonly DevVars[]> {
  return (await readAll(directory)).filter(({ pid }) => isRunning(pid));
}

/** Where this process keeps those of its service at that port. */
export const devVarsPath = (directory: string, port: number): string =>
  join(directory, `dev-${port}-${process.pid}.vars`);

/** For `wrangler dev --env-file`, which then reads neither `.dev.vars` nor `.env`. Removes what killed runs left behind. */
export async function writeDevVars(path: string, bindings: Readonly<Record<string, string>>): Promise<void> {
  const directory = dirname(path);
  const left = (await readAll(directory)).filter(({ pid }) => !isRunning(pid));
  await Promise.all(left.map(({ name }) => rm(join(directory, name), { force: true })));
  const lines = Object.entries(bindings).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(path, lines.join(""), { mode: 0o600 });
  await chmod(path, 0o600);
}

async function readAll(directory: string): Promise<readonly (DevVars & { readonly pid: number })[]> {
  const names = await readdir(directory).catch(() => []);
  return names.flatMap((name) => {
    const [, port, pid] = NAME.exec(name) ?? [];
    return pid === undefined ? [] : [{ name, port: Number(port), pid: Number(pid) }];
  });
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Somebody else's runs too.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
