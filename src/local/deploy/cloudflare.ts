import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../parse-json.ts";
import type { Command, RunOptions } from "./run-command.ts";
import { runQuietly, runVisibly } from "./run-command.ts";

export interface Deployed {
  /** Null where wrangler has not told. */
  readonly versionId: string | null;
  /** `https://` addresses without a slash at the end, in wrangler's order. */
  readonly urls: readonly string[];
}

export type LiveVersion =
  | { readonly kind: "version"; readonly id: string }
  /** Cloudflare does not know this Worker yet. */
  | { readonly kind: "first" }
  /** `output` is wrangler's. */
  | { readonly kind: "unknown"; readonly output: string };

/** Cloudflare by wrangler, for one environment. */
export interface Cloudflare {
  /** The version that serves the most requests now. */
  liveVersion(): Promise<LiveVersion>;
  /** Null where wrangler fails; it has said why. */
  deploy(args: readonly string[]): Promise<Deployed | null>;
  /** True where that version is live again. */
  rollback(versionId: string): Promise<boolean>;
}

const deployments = z.array(
  z.object({
    created_on: z.string(),
    versions: z.array(z.object({ version_id: z.string(), percentage: z.number() })),
  }),
);

const deployEntry = z.object({
  type: z.literal("deploy"),
  version_id: z.string(),
  targets: z.optional(z.array(z.string())),
});

/** What Cloudflare answers about a Worker that it does not have. */
const NO_SUCH_WORKER = /\[code: 10007\]|does not exist on your account/;

export function openCloudflare(wrangler: Command, environment: string, options: RunOptions): Cloudflare {
  const inEnvironment = ["--env", environment];
  const cloudflare: Cloudflare = {
    async liveVersion() {
      const { code, stdout, stderr } = await runQuietly(
        wrangler,
        ["deployments", "list", "--json", ...inEnvironment],
        options,
      );
      if (code !== 0 && NO_SUCH_WORKER.test(stdout + stderr)) return { kind: "first" };
      const parsed = deployments.safeParse(parseJson(stdout));
      if (code !== 0 || !parsed.success) return { kind: "unknown", output: `${stdout}${stderr}`.trim() };
      const [newest] = parsed.data.toSorted((left, right) => right.created_on.localeCompare(left.created_on));
      const [most] = newest?.versions.toSorted((left, right) => right.percentage - left.percentage) ?? [];
      return most === undefined ? { kind: "first" } : { kind: "version", id: most.version_id };
    },
    async deploy(args) {
      const directory = await mkdtemp(join(tmpdir(), "edge-otp-deploy-"));
      const output = join(directory, "output.ndjson");
      try {
        const env = { ...options.env, WRANGLER_OUTPUT_FILE_PATH: output };
        const code = await runVisibly(wrangler, ["deploy", ...inEnvironment, ...args], { ...options, env });
        return code === 0 ? readDeployed(await readFile(output, "utf8").catch(() => "")) : null;
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    async rollback(versionId) {
      const message = "The smoke test of the next version failed";
      const args = ["rollback", versionId, ...inEnvironment, "--yes", "--message", message];
      if ((await runVisibly(wrangler, args, options)) !== 0) return false;
      // wrangler ends with 0 also where it asks about a secret that has changed since, and somebody says no.
      const live = await cloudflare.liveVersion();
      return live.kind === "version" && live.id === versionId;
    },
  };
  return cloudflare;
}

/** Lines of JSON, of which one is about the deploy (wrangler's WRANGLER_OUTPUT_FILE_PATH). */
export function readDeployed(lines: string): Deployed {
  for (const line of lines.split("\n")) {
    const parsed = deployEntry.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const { version_id: versionId, targets = [] } = parsed.data;
    return { versionId, urls: targets.map(urlOf).filter((url) => url !== null) };
  }
  return { versionId: null, urls: [] };
}

/** `https://name.workers.dev`, `auth.example.com (custom domain)`, `auth.example.com/* (zone name: …)`; null for a part of a site. */
function urlOf(target: string): string | null {
  const host = /^(?:https:\/\/)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:\/\*?)?(?: \(.*)?$/i.exec(target)?.[1];
  return host === undefined ? null : `https://${host}`;
}
