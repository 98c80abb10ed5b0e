import { readFile, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { listDevVars } from "../dev-vars.ts";
import type { Options } from "./options.ts";
import type { Patient } from "./patient.ts";
import { secretsFrom } from "./secret-names.ts";
import type { WranglerConfig } from "./wrangler-config.ts";
import { readWranglerConfig } from "./wrangler-config.ts";

export interface Surroundings {
  /** Where wrangler.toml is. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Gathered {
  readonly patient: Patient;
  /** Where the bindings come from, in words. */
  readonly sources: readonly string[];
}

export type GatherResult = Gathered | { readonly problem: string; readonly fix: string };

const TIMEOUT_MS = 5000;
const SLOW_MS = 100;

/**
 * What the Worker of that environment is, or would be, configured with. Locally that is wrangler's rule to the letter:
 * [vars], then `.dev.vars`, and nothing of the shell. For a deployed environment, whose secrets nobody can read back,
 * they come from `--vars-file`, `.dev.vars.<env>` and the shell, in this order; never from `.dev.vars`, whose secrets
 * are another service's.
 */
export async function gather(options: Options, surroundings: Surroundings): Promise<GatherResult> {
  const { root } = surroundings;
  const { environment } = options;
  const wrangler = await readWranglerConfig(root, environment);
  if (!wrangler.ok) return unreadable(wrangler.environments, wrangler.reason);
  const dev = await findDev(options, root);
  if (dev === null && options.isLocal)
    return { problem: "`npm run dev` is not running.", fix: "Start it in another terminal." };
  const files = dev === null ? await readVarsFiles(options, root) : [dev.file];
  if ("problem" in files) return files;
  const fromFiles: Record<string, string> = Object.assign({}, ...files.toReversed().map(({ vars }) => vars));
  const vars = environment === null ? {} : wrangler.config.vars;
  const fromShell =
    environment === null ? {} : secretsFrom(surroundings.environment, { ...vars, ...fromFiles });
  return {
    sources: [
      environment === null ? "[vars] of wrangler.toml" : `[env.${environment}.vars] of wrangler.toml`,
      ...files.map(({ name }) => name),
      ...(Object.keys(fromShell).length > 0 ? [`the shell (${Object.keys(fromShell).join(", ")})`] : []),
    ],
    patient: createPatient({
      options,
      wrangler: wrangler.config,
      // Deployed, a var stays what wrangler.toml says; locally a line of the file has the last word.
      bindings: { ...wrangler.config.vars, ...fromShell, ...fromFiles, ...vars },
      dev,
    }),
  };
}

interface VarsFile {
  readonly name: string;
  readonly vars: Readonly<Record<string, string>>;
}

interface Dev {
  readonly file: VarsFile;
  readonly url: string;
  readonly caPem: string;
}

function createPatient(found: {
  readonly options: Options;
  readonly wrangler: WranglerConfig;
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly dev: Dev | null;
}): Patient {
  const { options, dev, wrangler, bindings } = found;
  return {
    environment: options.environment,
    isLocal: dev !== null,
    wrangler,
    bindings,
    trust: dev?.caPem ?? null,
    url: options.url ?? dev?.url ?? null,
    phone: options.phone,
    now: Date.now,
    timeoutMs: TIMEOUT_MS,
    slowMs: SLOW_MS,
  };
}

/** The newest running stack of `npm run dev`, where it is asked for or nothing else is there. */
async function findDev({ isLocal, environment, varsFile }: Options, root: string): Promise<Dev | null> {
  const hasOwn = environment !== null || varsFile !== null || (await readVars(root, ".dev.vars")) !== null;
  if (!isLocal && hasOwn) return null;
  const directory = join(root, ".local");
  const running = await listDevVars(directory);
  const dated = await Promise.all(
    running.map(async (one) => ({ ...one, at: (await stat(join(directory, one.name))).mtimeMs })),
  );
  const [newest] = dated.toSorted((left, right) => right.at - left.at);
  if (newest === undefined) return null;
  const file = await readVars(root, join(".local", newest.name));
  const caPem = await readFile(join(directory, "ca.pem"), "utf8").catch(() => null);
  return file === null || caPem === null ? null : { file, caPem, url: `http://localhost:${newest.port}` };
}

/** The first has the last word. */
async function readVarsFiles(
  { environment, varsFile }: Options,
  root: string,
): Promise<readonly VarsFile[] | { readonly problem: string; readonly fix: string }> {
  const named = varsFile === null ? null : await readVars(root, varsFile);
  if (varsFile !== null && named === null)
    return { problem: "The --vars-file cannot be read.", fix: "Name a file with NAME=value lines." };
  const usual = await readVars(root, environment === null ? ".dev.vars" : `.dev.vars.${environment}`);
  return [named, usual].filter((file) => file !== null);
}

async function readVars(root: string, name: string): Promise<VarsFile | null> {
  try {
    const text = await readFile(resolve(root, name), "utf8");
    const vars = parseEnv(text);
    return { name, vars: Object.fromEntries(Object.entries(vars).map(([key, value]) => [key, value ?? ""])) };
  } catch {
    return null;
  }
}

function unreadable(environments: readonly string[], reason: "unreadable" | "no_environment") {
  if (reason === "unreadable") {
    const fix = "`npx wrangler deploy --dry-run` says what is wrong with it.";
    return { problem: "wrangler cannot read wrangler.toml.", fix };
  }
  return {
    problem: "wrangler.toml has no such environment.",
    fix: `Use one of: ${environments.join(", ") || "none is there"}.`,
  };
}
