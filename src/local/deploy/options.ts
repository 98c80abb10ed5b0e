import { parseArgs } from "node:util";
import { parseServiceUrl } from "../doctor/service-url.ts";

export interface DeployOptions {
  readonly environment: string;
  /** Of the service, without a slash at the end; null for the one that wrangler names. */
  readonly url: string | null;
  /** For the doctor alone. */
  readonly varsFile: string | null;
  /** For the doctor, and uploaded with this version. */
  readonly secretsFile: string | null;
  readonly rollsBack: boolean;
}

export const USAGE = `npm run deploy -- --env staging|production [--url URL] [--vars-file FILE] [--secrets-file FILE] [--rollback-on-failure]

  --env                  the environment of wrangler.toml
  --url                  where the service will be; without it the address that wrangler names
  --vars-file            secrets for the doctor to check with
  --secrets-file         the same, and uploaded with this version: what a first deploy needs
  --rollback-on-failure  brings the version before back where the smoke test fails
`;

const NO_SKIP =
  "There is no --skip-doctor: what it fails on would fail in production, before the eyes of everybody who signs in. What it cannot check from here it skips by itself.";

export function parseDeployOptions(args: readonly string[]): DeployOptions | { readonly problem: string } {
  if (args.some((arg) => arg.startsWith("--skip"))) return { problem: NO_SKIP };
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: "string", short: "e" },
        url: { type: "string" },
        "vars-file": { type: "string" },
        "secrets-file": { type: "string" },
        "rollback-on-failure": { type: "boolean", default: false },
      },
    });
    const { env: environment = "", url } = values;
    if (!/^[A-Za-z][\w-]*$/.test(environment))
      return { problem: "--env wants staging or production: nothing is deployed by default." };
    const parsedUrl = url === undefined ? null : parseServiceUrl(url);
    if (url !== undefined && parsedUrl === null)
      return { problem: "--url wants the https:// address of the service." };
    return {
      environment,
      url: parsedUrl,
      varsFile: values["vars-file"] ?? null,
      secretsFile: values["secrets-file"] ?? null,
      rollsBack: values["rollback-on-failure"],
    };
  } catch {
    return { problem: "There is an option that deploying does not know." };
  }
}
