import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createSigningKey, formatKeySet } from "./signing-key.ts";

/** What a local Worker is configured with, and what the stack checks it by. */
export interface Secrets {
  readonly redisToken: string;
  readonly idSecret: string;
  readonly otpSecret: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** `SIGNING_KEYS` as the Worker takes it. */
  readonly signingKeys: string;
}

/** A file of an older version has no signing keys yet. */
type Kept = Omit<Secrets, "signingKeys"> & Partial<Pick<Secrets, "signingKeys">>;

/** The secrets in `<directory>/secrets.json`, random, made on first use and readable by their owner only. */
export async function openSecrets(directory: string): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "secrets.json");
  const kept = await readSecrets(path);
  if (isComplete(kept)) return kept;
  const made: Secrets = {
    ...(kept ?? createSecrets()),
    signingKeys: formatKeySet([await createSigningKey()]),
  };
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  if (kept) await rename(draft, path);
  else await placeFirst(draft, path);
  const secrets = await readSecrets(path);
  if (!isComplete(secrets)) throw new Error(`The local secrets at ${path} cannot be read`);
  return secrets;
}

/** Where another process was first, the link fails: then that one's secrets are the secrets. */
async function placeFirst(draft: string, path: string): Promise<void> {
  if ((await readSecrets(path)) === null) await rm(path, { force: true });
  await link(draft, path).catch(() => undefined);
  await rm(draft);
}

function createSecrets(): Kept {
  const letters = Array.from(randomBytes(16), (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]);
  return {
    redisToken: secret(),
    idSecret: secret(),
    otpSecret: secret(),
    accessKeyId: `AKIA${letters.join("")}`,
    secretAccessKey: secret(),
  };
}

async function readSecrets(path: string): Promise<Kept | null> {
  try {
    await chmod(path, 0o600);
    return parseSecrets(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

function parseSecrets(kept: Partial<Record<keyof Secrets, unknown>>): Kept | null {
  const { redisToken, idSecret, otpSecret, accessKeyId, secretAccessKey, signingKeys } = kept;
  if (!isText(redisToken) || !isText(idSecret) || !isText(otpSecret)) return null;
  if (!isText(accessKeyId) || !isText(secretAccessKey)) return null;
  const secrets = { redisToken, idSecret, otpSecret, accessKeyId, secretAccessKey };
  return isText(signingKeys) ? { ...secrets, signingKeys } : secrets;
}

const isComplete = (kept: Kept | null): kept is Secrets => isText(kept?.signingKeys);

const secret = (): string => randomBytes(32).toString("base64url");

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
