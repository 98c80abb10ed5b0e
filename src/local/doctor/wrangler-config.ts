import { join } from "node:path";

/** What wrangler makes of wrangler.toml for one environment, with its own rules of inheritance. */
export interface WranglerConfig {
  readonly vars: Readonly<Record<string, unknown>>;
  readonly topLevelVars: Readonly<Record<string, unknown>>;
  readonly compatibilityDate: string | null;
  readonly compatibilityFlags: readonly string[];
  readonly alias: Readonly<Record<string, string>>;
  /** Null where the environment names none. */
  readonly requiredSecrets: readonly string[] | null;
}

/** `environments` are those that wrangler.toml has. */
export type WranglerResult =
  | { readonly ok: true; readonly config: WranglerConfig }
  | { readonly ok: false; readonly reason: "unreadable" | "no_environment"; readonly environments: string[] };

/** Reads the wrangler.toml in a directory, by wrangler itself. `environment` null is the top level. */
export async function readWranglerConfig(
  directory: string,
  environment: string | null,
): Promise<WranglerResult> {
  const { experimental_readRawConfig: readRaw, unstable_readConfig: read } = await import("wrangler");
  const path = join(directory, "wrangler.toml");
  try {
    const { rawConfig } = readRaw({ config: path }, { hideWarnings: true });
    const environments = Object.keys(rawConfig.env ?? {});
    if (environment !== null && !environments.includes(environment))
      return { ok: false, reason: "no_environment", environments };
    // An empty name is the top level whatever CLOUDFLARE_ENV says.
    const config = read({ config: path, env: environment ?? "" }, { hideWarnings: true });
    return {
      ok: true,
      config: {
        vars: config.vars,
        topLevelVars: rawConfig.vars ?? {},
        compatibilityDate: config.compatibility_date ?? null,
        compatibilityFlags: config.compatibility_flags,
        alias: config.alias ?? {},
        requiredSecrets: config.secrets?.required ?? null,
      },
    };
  } catch {
    // Its words quote the line, which could hold anything.
    return { ok: false, reason: "unreadable", environments: [] };
  }
}
