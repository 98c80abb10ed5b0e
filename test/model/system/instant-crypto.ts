import type { KeyObject, webcrypto } from "node:crypto";
import * as node from "node:crypto";

const TAG_BYTES = 16;

/** A key as this stand-in keeps it. */
class InstantKey {
  readonly secret: KeyObject;

  constructor(bytes: Uint8Array) {
    this.secret = node.createSecretKey(bytes);
  }
}

interface Gcm {
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

/**
 * `crypto.subtle` that computes the same without a thread, and time-outs that never come: what a request does between
 * two upstreams takes no time, so that one history has one outcome. Returns how to put the real ones back.
 */
export function installInstantCrypto(): () => void {
  const real = { subtle: globalThis.crypto.subtle, timeout: Reflect.get(AbortSignal, "timeout") };
  const never = new AbortController().signal;
  replace({ subtle: { importKey: importBy(real.subtle), ...INSTANT }, timeout: () => never });
  return () => replace(real);
}

function replace({ subtle, timeout }: { readonly subtle: unknown; readonly timeout: unknown }): void {
  const describe = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperty(globalThis.crypto, "subtle", describe(subtle));
  Object.defineProperty(AbortSignal, "timeout", describe(timeout));
}

const signingKeys = new WeakMap<webcrypto.CryptoKey, KeyObject>();

/** The service's own secrets are raw; its signing keys are imported by the real one too, for whoever looks at them. */
function importBy(real: typeof crypto.subtle) {
  return async (...args: Parameters<typeof real.importKey>) => {
    const [format, bytes] = args;
    if (format === "raw") return new InstantKey(bytes as Uint8Array);
    const imported = await real.importKey(...args);
    const jwk = { key: bytes as unknown as node.JsonWebKey, format: "jwk" } as const;
    signingKeys.set(
      imported,
      imported.type === "private" ? node.createPrivateKey(jwk) : node.createPublicKey(jwk),
    );
    return imported;
  };
}

function signingBy(key: webcrypto.CryptoKey) {
  const known = signingKeys.get(key);
  if (known === undefined) throw new Error("a key that was imported elsewhere");
  // As WebCrypto writes a signature.
  return { key: known, dsaEncoding: "ieee-p1363" } as const;
}

const INSTANT = {
  async sign(_: unknown, key: InstantKey | webcrypto.CryptoKey, content: Uint8Array) {
    if (key instanceof InstantKey)
      return toArrayBuffer(node.createHmac("sha256", key.secret).update(content).digest());
    return toArrayBuffer(node.sign("sha256", content, signingBy(key)));
  },
  async verify(_: unknown, key: webcrypto.CryptoKey, signature: Uint8Array, content: Uint8Array) {
    return node.verify("sha256", content, signingBy(key), signature);
  },
  async encrypt({ iv, additionalData }: Gcm, { secret }: InstantKey, plain: Uint8Array) {
    const cipher = node.createCipheriv("aes-256-gcm", secret, iv).setAAD(additionalData);
    return toArrayBuffer(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
  },
  async decrypt({ iv, additionalData }: Gcm, { secret }: InstantKey, sealed: Uint8Array) {
    const decipher = node.createDecipheriv("aes-256-gcm", secret, iv).setAAD(additionalData);
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return toArrayBuffer(Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]));
  },
} as const;

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
