import type { Address, AttemptId, Holder, InvocationId, SendId, SessionId, Subject } from "../ids.ts";
import { toBase64url } from "../bytes.ts";
import { deriveMac } from "../mac.ts";

/** All that is named by `ID_SECRET`, so that it outlives a change of `OTP_SECRET`. */
export interface Identity {
  subject(role: string, e164: string): Promise<Subject>;
  /** Stable and opaque: `user.id` of the answers. */
  userId(subject: Subject): Promise<string>;
  address(clientAddress: string): Promise<Address>;
  sendId(subject: Subject, idempotencyKey: string): Promise<SendId>;
  /** The session that an attempt opens; the same for a repeat of it. */
  sessionId(subject: Subject, attempt: AttemptId): Promise<SessionId>;
  attemptId(of: {
    subject: Subject;
    holder: Holder;
    guess: string;
    idempotencyKey: string;
  }): Promise<AttemptId>;
  /** The same send has the same holder, so that its answer can be given again. */
  requester(subject: Subject, sendId: SendId): Promise<Holder>;
  addressHolder(address: Address): Promise<Holder>;
}

/** Shared by all addresses that did not ask for the code. */
export const OTHERS = "others" as Holder;

export async function createIdentity(idSecret: Uint8Array<ArrayBuffer>): Promise<Identity> {
  const [subject, user, address, send, attempt, holder, session] = await Promise.all([
    deriveMac(idSecret, "subject"),
    deriveMac(idSecret, "user"),
    deriveMac(idSecret, "address"),
    deriveMac(idSecret, "send"),
    deriveMac(idSecret, "attempt"),
    deriveMac(idSecret, "holder"),
    deriveMac(idSecret, "session"),
  ]);
  return {
    subject: async (role, e164) => text(await subject(role, e164), 18) as Subject,
    userId: async (of) => text(await user(of), 18),
    address: async (clientAddress) => text(await address(clientAddress), 12) as Address,
    sessionId: async (of, opening) => text(await session(of, opening), 12) as SessionId,
    sendId: async (of, idempotencyKey) => text(await send(of, idempotencyKey), 12) as SendId,
    attemptId: async (of) =>
      text(await attempt(of.subject, of.holder, of.guess, of.idempotencyKey), 18) as AttemptId,
    requester: async (of, sendId) => text(await holder("send", of, sendId), HOLDER_BYTES) as Holder,
    addressHolder: async (of) => text(await holder("address", of), HOLDER_BYTES) as Holder,
  };
}

export const HOLDER_BYTES = 8;

function text(bytes: Uint8Array, length: number): string {
  return toBase64url(bytes.subarray(0, length));
}

export function randomSendId(random: (length: number) => Uint8Array): SendId {
  return toBase64url(random(12)) as SendId;
}

export function randomAttemptId(random: (length: number) => Uint8Array): AttemptId {
  return toBase64url(random(18)) as AttemptId;
}

export function randomInvocationId(random: (length: number) => Uint8Array): InvocationId {
  return toBase64url(random(9)) as InvocationId;
}
