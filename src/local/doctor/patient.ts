import { randomBytes } from "node:crypto";
import type { Config } from "../../config.ts";
import { parseConfig } from "../../config.ts";
import type { Problem } from "../../config/problem.ts";
import type { SigningKeys } from "../../tokens/keys.ts";
import { parseSigningKeys } from "../../tokens/keys.ts";
import { isNamedSecret, REQUIRED_SECRETS } from "./secret-names.ts";
import type { WranglerConfig } from "./wrangler-config.ts";

/** All that the doctor looks at. */
export interface Patient {
  /** wrangler's environment; null for the top level. */
  readonly environment: string | null;
  /** The stack of `npm run dev`. */
  readonly isLocal: boolean;
  readonly wrangler: WranglerConfig;
  /** As the Worker would get them. */
  readonly bindings: Readonly<Record<string, unknown>>;
  /** PEM: the one authority to trust, in place of all that this machine trusts. */
  readonly trust: string | null;
  /** Of the service itself, without a slash at the end, where it is to be asked. */
  readonly url: string | null;
  /** E.164, to be asked about. */
  readonly phone: string | null;
  readonly now: () => number;
  /** For one connection or one request. */
  readonly timeoutMs: number;
  /** A round trip to the store that takes longer is one too long. */
  readonly slowMs: number;
}

/** What the Worker would say of its bindings. */
export interface Judged {
  /** With something in place of each secret that is missing or wrong; null where more than that is wrong. */
  readonly config: Config | null;
  readonly problems: readonly Problem[];
  readonly signingKeys: SigningKeys | { readonly wants: string };
  /** Names that only Cloudflare has: secrets cannot be read back. */
  readonly notGiven: ReadonlySet<string>;
}

/** The Worker's own parsers decide; whatever they learn, the doctor tells. */
export async function judge({ environment, wrangler, bindings }: Patient): Promise<Judged> {
  const parsed = parseConfig(bindings);
  const signingKeys = await parseSigningKeys(parsed.signingKeys);
  const problems = [
    ...(parsed.ok ? [] : parsed.problems),
    ...("wants" in signingKeys ? [{ binding: "SIGNING_KEYS", wants: signingKeys.wants }] : []),
  ];
  // Optional ones that something else asks for, such as the other half of the directory's.
  const askedFor = problems.map(({ binding }) => binding).filter(isNamedSecret);
  const secrets = [...REQUIRED_SECRETS, ...(wrangler.requiredSecrets ?? []), ...askedFor];
  const missing = secrets.filter((name) => bindings[name] === undefined);
  const notGiven = new Set(environment === null ? [] : missing);
  return { config: configBeside(bindings, problems), problems, signingKeys, notGiven };
}

/** What is no secret can be looked at although secrets are missing. */
function configBeside(bindings: Patient["bindings"], problems: readonly Problem[]): Config | null {
  const wrong = problems.map(({ binding }) => binding).filter(isNamedSecret);
  const sound = Object.entries(bindings).filter(([name]) => !wrong.includes(name));
  const standIns = [...REQUIRED_SECRETS, ...wrong].map((name) => [name, standIn(name)] as const);
  const parsed = parseConfig({ ...Object.fromEntries(standIns), ...Object.fromEntries(sound) });
  return parsed.ok ? parsed.config : null;
}

const standIn = (name: string): string =>
  name === "ISSUER" || name === "UPSTASH_REDIS_REST_URL"
    ? "https://stand-in.invalid"
    : randomBytes(32).toString("base64url");

/** The text of a binding that is there and that nothing is wrong with, else null. */
export function soundText(patient: Patient, { problems }: Judged, name: string): string | null {
  const value = patient.bindings[name];
  if (typeof value !== "string" || problems.some(({ binding }) => binding === name)) return null;
  return value.trim();
}

export function isProduction({ environment, bindings }: Patient): boolean {
  return environment === "production" || bindings["ENVIRONMENT"] === "production";
}
