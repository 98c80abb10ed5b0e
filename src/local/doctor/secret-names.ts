/** What a Worker cannot be without and wrangler.toml need not have: secrets, and the addresses that are one's own. */
export const REQUIRED_SECRETS = [
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "ID_SECRET",
  "OTP_SECRET",
  "SIGNING_KEYS",
  "ISSUER",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
] as const;

const OPTIONAL_SECRETS = [
  "OTP_SECRET_PREVIOUS",
  "AWS_SESSION_TOKEN",
  "DIRECTORY_SECRET",
  "TURNSTILE_SECRET",
] as const;

const NAMED: ReadonlySet<string> = new Set([...REQUIRED_SECRETS, ...OPTIONAL_SECRETS]);

export const isNamedSecret = (name: string): boolean => NAMED.has(name);

/** The three that are one: a key of one source and a token of another would fit nowhere. */
const AWS_CREDENTIALS: ReadonlySet<string> = new Set([
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
]);

/** Of `environment`, the names above that `given` has not yet, and AWS credentials only as a whole. */
export function secretsFrom(
  environment: Readonly<Record<string, string | undefined>>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const hasCredentials = [...AWS_CREDENTIALS].some((name) => given[name] !== undefined);
  const wanted = [...REQUIRED_SECRETS, ...OPTIONAL_SECRETS].filter(
    (name) => given[name] === undefined && !(hasCredentials && AWS_CREDENTIALS.has(name)),
  );
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = environment[name];
      return value === undefined || value === "" ? [] : [[name, value] as const];
    }),
  );
}

/** The same environment for programs that have no business with any of these, or with Cloudflare. */
export function withoutSecrets(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !NAMED.has(name) && !/^(CLOUDFLARE|CF)_API_(TOKEN|KEY)$/.test(name),
    ),
  );
}

/** Texts of a public setting are told; everything else that a Worker is given is kept from every output. */
const PUBLIC = new Set([
  "UPSTASH_REDIS_REST_URL",
  "ISSUER",
  "SNS_REGIONS",
  "SNS_ENDPOINT",
  "ENVIRONMENT",
  "DIRECTORY_URL",
  "APPS",
  "POLICY",
]);

export const isSecret = (name: string): boolean => !PUBLIC.has(name);
