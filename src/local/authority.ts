// @peculiar/x509 stops at import without it.
// oxlint-disable-next-line import/no-unassigned-import
import "reflect-metadata";
import { createPrivateKey, createPublicKey, randomBytes, webcrypto, X509Certificate } from "node:crypto";
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

export interface IssueOptions {
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

export interface Authority {
  readonly caPath: string;
  readonly caPem: string;
  /** A key and a server certificate, PEM, by default for localhost and both loopback addresses, for 365 days. */
  issue(options?: IssueOptions): Promise<{ key: string; cert: string }>;
}

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", hash: "SHA-256" };
const NAME = "CN=edge-otp local authority";
const LOOPBACK = ["localhost", "127.0.0.1", "::1"];
const DAY_MS = 86_400_000;

/**
 * The certificate authority that lives in a directory, made on first use. Only who names its `ca.pem` trusts it.
 * The key comes first and the first writer's stays; a certificate that is missing, unreadable or close to its end is
 * made anew for that key. So processes that start together end up with one authority.
 */
export async function openAuthority(directory: string): Promise<Authority> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const caPath = join(directory, "ca.pem");
  const keys = await openKeys(join(directory, "ca-key.pem"));
  const caPem = (await readValid(caPath, keys.pem)) ?? (await certifySelf(caPath, keys.pair));
  return { caPath, caPem, issue: (options = {}) => issue(caPem, keys.pair, options) };
}

interface Keys {
  readonly pem: string;
  readonly pair: webcrypto.CryptoKeyPair;
}

async function openKeys(path: string): Promise<Keys> {
  const kept = await readKeys(path);
  if (kept) return kept;
  await rm(path, { force: true });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(draft, await exportKey(await generatePair()), { mode: 0o600 });
  // A link, not a rename: it fails where another process was first, and then that one's key is the key.
  await link(draft, path).catch(() => undefined);
  await rm(draft);
  const keys = await readKeys(path);
  if (!keys) throw new Error(`The local authority's key at ${path} cannot be read`);
  return keys;
}

async function readKeys(path: string): Promise<Keys | null> {
  try {
    const pem = await readFile(path, "utf8");
    await chmod(path, 0o600);
    const pkcs8 = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
    const spki = createPublicKey(pem).export({ type: "spki", format: "der" });
    const privateKey = await webcrypto.subtle.importKey("pkcs8", pkcs8, CURVE, true, ["sign"]);
    const publicKey = await webcrypto.subtle.importKey("spki", spki, CURVE, true, ["verify"]);
    return { pem, pair: { privateKey, publicKey } };
  } catch {
    return null;
  }
}

async function readValid(path: string, keyPem: string): Promise<string | null> {
  try {
    const pem = await readFile(path, "utf8");
    const certificate = new X509Certificate(pem);
    const lasts = Date.parse(certificate.validTo) > Date.now() + 30 * DAY_MS;
    return lasts && certificate.ca && certificate.checkPrivateKey(createPrivateKey(keyPem)) ? pem : null;
  } catch {
    return null;
  }
}

async function certifySelf(path: string, keys: webcrypto.CryptoKeyPair): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: NAME,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 3650 * DAY_MS),
    signingAlgorithm: SIGNING,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const pem = `${certificate.toString("pem")}\n`;
  await writeFile(draft, pem);
  await rename(draft, path);
  return pem;
}

async function issue(
  caPem: string,
  authority: webcrypto.CryptoKeyPair,
  { hosts = LOOPBACK, notBefore, notAfter }: IssueOptions,
): Promise<{ key: string; cert: string }> {
  const keys = await generatePair();
  const names = hosts.map((value) => ({ type: isIP(value) ? ("ip" as const) : ("dns" as const), value }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: "CN=edge-otp local stack",
    issuer: new x509.X509Certificate(caPem).subject,
    notBefore: notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: notAfter ?? new Date(Date.now() + 364 * DAY_MS),
    signingAlgorithm: SIGNING,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
    ],
  });
  return { key: await exportKey(keys), cert: `${certificate.toString("pem")}\n` };
}

const generatePair = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(CURVE, true, ["sign", "verify"]);

async function exportKey({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", privateKey);
  return `${x509.PemConverter.encode(pkcs8, "PRIVATE KEY")}\n`;
}

/** Positive, and twenty bytes at most (RFC 5280, 4.1.2.2). */
const serialNumber = (): string => `01${randomBytes(15).toString("hex")}`;
