import type { KeyObject } from "node:crypto";
import { createCipheriv, createHmac, createSecretKey } from "node:crypto";
import type { Engine } from "../../src/local/redis/engine.ts";
import { embeddedBackend } from "../../src/local/redis/backend.ts";
import { installStore } from "../harness/in-process-store.ts";

/** What the store was asked for at one address. */
export interface StoreBill {
  requests: number;
  /** Upstash bills each. */
  commands: number;
}

interface InstantKey {
  readonly bytes: Uint8Array;
  readonly secret: KeyObject;
}

/**
 * A platform whose every answer is there at once: `fetch` reaches the engine in this process by Upstash's REST protocol,
 * and `crypto.subtle` computes the same as WebCrypto without a thread. Nothing is left to chance or to the machine, so
 * that one seed has one outcome, and a month takes a minute. Returns how to put the real ones back.
 */
export function installInstantPlatform(engine: Engine, billOf: (host: string) => StoreBill): () => void {
  const real = {
    subtle: globalThis.crypto.subtle,
    timeout: Reflect.get(AbortSignal, "timeout"),
  };
  const never = new AbortController().signal;
  const putStoreBack = installStore(embeddedBackend(engine), {
    answered({ host, commands }) {
      const bill = billOf(host);
      bill.requests += 1;
      bill.commands += commands.length;
    },
  });
  replacePlatform({ subtle: { importKey, sign, encrypt }, timeout: () => never });
  return () => {
    putStoreBack();
    replacePlatform(real);
  };
}

function replacePlatform(by: { readonly subtle: unknown; readonly timeout: unknown }): void {
  const describe = (value: unknown) => ({ value, configurable: true, writable: true });
  Object.defineProperty(globalThis.crypto, "subtle", describe(by.subtle));
  Object.defineProperty(AbortSignal, "timeout", describe(by.timeout));
}

function importKey(format: string, bytes: Uint8Array): Promise<InstantKey> {
  if (format !== "raw") throw new Error(`no key of format ${format}`);
  return Promise.resolve({ bytes, secret: createSecretKey(bytes) });
}

function sign(algorithm: string, { secret }: InstantKey, content: Uint8Array): Promise<ArrayBuffer> {
  if (algorithm !== "HMAC") throw new Error(`no signature by ${algorithm}`);
  return Promise.resolve(toArrayBuffer(createHmac("sha256", secret).update(content).digest()));
}

interface GcmParams {
  readonly name: string;
  readonly iv: Uint8Array;
  readonly additionalData: Uint8Array;
}

function encrypt(algorithm: GcmParams, { secret }: InstantKey, plain: Uint8Array): Promise<ArrayBuffer> {
  if (algorithm.name !== "AES-GCM") throw new Error(`no encryption by ${algorithm.name}`);
  const cipher = createCipheriv("aes-256-gcm", secret, algorithm.iv);
  cipher.setAAD(algorithm.additionalData);
  return Promise.resolve(
    toArrayBuffer(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])),
  );
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
