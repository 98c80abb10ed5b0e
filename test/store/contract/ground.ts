import type { IssuedCode } from "../../../src/store/code-chain.ts";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { policySchema } from "../../../src/config/policy.ts";
import type {
  AttemptId,
  Holder,
  InvocationId,
  PhoneId,
  SendId,
  SessionId,
  Subject,
} from "../../../src/ids.ts";
import { createCodeSecrets, createNonce } from "../../../src/otp/codes.ts";
import { createIdentity } from "../../../src/identity.ts";
import type { Watched } from "../../../src/store/guard-port.ts";
import type { Guess } from "../../../src/store/guess-port.ts";
import type { Store } from "../../../src/store/port.ts";
import type { OpenSend } from "../../../src/store/send-port.ts";
import { connectUpstash } from "../../../src/store/transaction.ts";
import { createUpstashStore } from "../../../src/store/upstash.ts";
import { bytesOf } from "../../harness/random.ts";
import type { Upstreams } from "../../harness/upstreams.ts";
import { randomSecret, startUpstreams } from "../../harness/upstreams.ts";

const policy = policySchema.parse({});
const secrets = await createCodeSecrets(bytesOf("otp secret of the tests, 32 bytes long"), null);
const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));

export let upstreams: Upstreams;
export let store: Store;
/** Of a number and a role that no other test has. */
export let subject: Subject;
export let phoneId: PhoneId;
export let identity: Awaited<ReturnType<typeof createIdentity>>;

/**
 * What the promises of the ports are tested on, over the wire: the embedded engine, and with REDIS_URL set a real Redis.
 * For a whole file; nothing that one of its tests leaves is found by the next.
 */
export function useStore(): void {
  beforeAll(async () => {
    upstreams = await startUpstreams();
    store = connectStore(10_000);
  });
  beforeEach(async () => {
    identity = await createIdentity(bytesOf(randomSecret()));
    subject = await identity.subject("customer", "+919876543210");
    phoneId = await identity.phoneId("+919876543210");
    upstreams.store.reset();
  });
  afterAll(() => upstreams.close());
}

/** The store, which gives each try so many milliseconds. */
export function connectStore(timeoutMs: number): Store {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token = "" } = upstreams.bindings;
  const transact = connectUpstash({ url, token, timeoutMs });
  return createUpstashStore({ transact, transactBriefly: transact }, policy);
}

export const now = Date.now();
export const text = () => crypto.randomUUID();
export const issue = (): IssuedCode => ({ nonce: createNonce(secrets.current, random), issuedAt: now });
export const newInvocation = () => ({ id: text() as InvocationId, startedAt: now });

export async function sendOf(overrides: Partial<OpenSend> = {}): Promise<OpenSend> {
  const address = await identity.address("203.0.113.1");
  return {
    subject,
    phoneId,
    address,
    now,
    sendId: text() as SendId,
    isKeyed: false,
    invocation: newInvocation(),
    firstCode: issue(),
    counter: { purpose: "send", address, window: Math.floor(now / 3_600_000) },
    budgets: [{ date: text(), scope: "all" }],
    watched: await watchedOf("+919876543210"),
    ...overrides,
  };
}

export async function watchedOf(phone: string): Promise<Watched> {
  const [prefix, line, network] = await Promise.all([
    identity.prefix(phone),
    identity.line(phone),
    identity.network({ clientAddress: "203.0.113.1", operator: null, country: "IN" }),
  ]);
  // A country of its own for each test: its counters are nobody else's.
  return { prefix, line, network, country: prefix.slice(0, 6) };
}

export function guessOf(code: IssuedCode, overrides: Partial<Guess> = {}): Guess {
  return {
    subject,
    phoneId,
    nonce: code.nonce,
    holder: "holder" as Holder,
    attempt: text() as AttemptId,
    now,
    guessDigest: text(),
    isRight: true,
    session: { sid: text() as SessionId, sealedRecord: "sealed", ttlSeconds: 600, lifetimeSeconds: 7200 },
    place: null,
    watched: null,
    ...overrides,
  };
}
