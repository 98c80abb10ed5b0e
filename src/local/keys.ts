import { randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { createSigningKey, formatKeySet, rotateSigningKeys } from "./signing-key.ts";

const SECRET_BYTES = 32;

const HOW = `# A line goes into .dev.vars as it stands. \`npx wrangler secret put NAME\` takes what is between the quotes.
# Cloudflare shows no secret again, and a rotation needs the current SIGNING_KEYS: keep them where you keep passwords.`;

/** `npm run keys`: what a new deployment needs. */
async function printFresh(): Promise<void> {
  print(`${HOW}

SIGNING_KEYS='${formatKeySet([await createSigningKey()])}'
OTP_SECRET='${secret()}'

# Only for the very first deployment. ID_SECRET names every user: whoever changes it makes strangers of them all.
ID_SECRET='${secret()}'`);
}

/** `npm run keys -- --rotate`: the current `SIGNING_KEYS` from stdin to the three that follow it. */
async function printRotation(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write("Paste the current SIGNING_KEYS, then Enter and Ctrl-D:\n");
  const rotation = await rotateSigningKeys(unquote(await text(process.stdin)));
  if (rotation === null) {
    process.stderr.write("stdin wants the current SIGNING_KEYS: a JWK set of ES256 private keys.\n");
    process.exitCode = 1;
    return;
  }
  print(`${HOW}

# 1. Now: the new key is published behind the others.
SIGNING_KEYS='${rotation.published}'

# 2. After 25 minutes, when no cache is left without it: the new key signs, what the old ones signed still counts.
SIGNING_KEYS='${rotation.signing}'

# 3. After the longest accessTokenSeconds of APPS and 10 minutes (25 minutes, where no entry sets it): the old ones go.
SIGNING_KEYS='${rotation.alone}'`);
}

/** The JSON alone, from the lines of a `.dev.vars` too. */
function unquote(lines: string): string {
  return /^SIGNING_KEYS\s*=\s*(['"]?)(\{.*\})\1\s*$/m.exec(lines)?.[2] ?? lines.trim();
}

const secret = (): string => randomBytes(SECRET_BYTES).toString("base64url");

const print = (lines: string): void => void process.stdout.write(`${lines}\n`);

await (process.argv.includes("--rotate") ? printRotation() : printFresh());
