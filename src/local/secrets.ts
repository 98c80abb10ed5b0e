import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a local Worker is configured with, and what the stack checks it by. */
export interface Secrets {
  readonly redisToken: string;
  readonly idSecret: string;
  readonly otpSecret: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The secrets in `<directory>/secrets.json`, random, made on first use and readable by their owner only. */
export async function openSecrets(directory: string): Promise<Secrets> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "secrets.json");
  const kept = await readSecrets(path);
  if (kept) return kept;
  await rm(path, { force: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, `${JSON.stringify(createSecrets(), null, 2)}\n`, { mode: 0o600 });
  // A link fails where another process was first: then that one's secrets are the secrets.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  const secrets = await readSecrets(path);
  if (!secrets) throw new Error(`The local secrets at ${path} cannot be read`);
  return secrets;
}

function createSecrets(): Secrets {
  const letters = Array.from(randomBytes(16), (byte) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[byte % 32]);
  return {
    redisToken: secret(),
    idSecret: secret(),
    otpSecret: secret(),
    accessKeyId: `AKIA${letters.join("")}`,
    secretAccessKey: secret(),
  };
}

async function readSecrets(path: string): Promise<Secrets | null> {
  try {
    await chmod(path, 0o600);
    return parseSecrets(JSON.parse(await readFile(path, "utf8")));
  } catch {
    return null;
  }
}

function parseSecrets(kept: Partial<Record<keyof Secrets, unknown>>): Secrets | null {
  const { redisToken, idSecret, otpSecret, accessKeyId, secretAccessKey } = kept;
  if (!isText(redisToken) || !isText(idSecret) || !isText(otpSecret)) return null;
  if (!isText(accessKeyId) || !isText(secretAccessKey)) return null;
  return { redisToken, idSecret, otpSecret, accessKeyId, secretAccessKey };
}

const secret = (): string => randomBytes(32).toString("base64url");

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
