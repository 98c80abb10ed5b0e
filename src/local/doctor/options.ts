import { parseArgs } from "node:util";
import { parseServiceUrl } from "./service-url.ts";

export interface Options {
  /** wrangler's environment; null for the top level. */
  readonly environment: string | null;
  /** The stack of `npm run dev`, whatever else is there. */
  readonly isLocal: boolean;
  readonly varsFile: string | null;
  /** Of a deployed service, without a slash at the end. */
  readonly url: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly asJson: boolean;
}

export const USAGE = `npm run doctor -- [--env staging|production] [--local] [--vars-file FILE] [--url URL] [--phone +91…] [--json]

  --env        the environment of wrangler.toml; secrets from .dev.vars.<env>, --vars-file or the environment
  --local      the stack of a running \`npm run dev\`
  --vars-file  secrets as NAME="value" lines
  --url        the deployed service, to be asked as well
  --phone      a number, to ask AWS whether it has opted out
  --json       an array for programs (with \`npm run -s doctor\`)
`;

export type OptionsResult = Options | { readonly problem: string };

export function parseOptions(args: readonly string[]): OptionsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        env: { type: "string", short: "e" },
        local: { type: "boolean", default: false },
        "vars-file": { type: "string" },
        url: { type: "string" },
        phone: { type: "string" },
        json: { type: "boolean", default: false },
      },
    });
    const options: Options = {
      environment: values.env === undefined || values.env === "" ? null : values.env,
      isLocal: values.local,
      varsFile: values["vars-file"] ?? null,
      url: values.url === undefined ? null : parseServiceUrl(values.url),
      phone: values.phone ?? null,
      asJson: values.json,
    };
    if (values.url !== undefined && options.url === null)
      return { problem: "--url wants the https:// address of the service; http:// only on this machine." };
    const problem = problemOf(options);
    return problem === null ? options : { problem };
  } catch {
    // Its words quote what was typed.
    return { problem: "There is an option that the doctor does not know." };
  }
}

function problemOf({ environment, isLocal, varsFile, phone }: Options): string | null {
  if (isLocal && (environment !== null || varsFile !== null))
    return "--local goes with neither --env nor --vars-file.";
  if (phone !== null && !/^\+[1-9]\d{6,14}$/.test(phone))
    return "--phone wants a number in E.164, such as +919876543210.";
  return null;
}
