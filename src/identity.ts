import type {
  Address,
  AttemptId,
  Holder,
  InvocationId,
  Line,
  Network,
  PhoneId,
  Prefix,
  SendId,
  SessionId,
  Subject,
} from "./ids.ts";
import { markProven } from "./ids.ts";
import { toBase64url } from "./bytes.ts";
import { deriveMac } from "./mac.ts";

/** All that is named by `ID_SECRET`, so that it outlives a change of `OTP_SECRET`. */
export interface Identity {
  subject(role: string, e164: string): Promise<Subject>;
  phoneId(e164: string): Promise<PhoneId>;
  /** Stable and opaque: `user.id` of the answers. */
  userId(subject: Subject): Promise<string>;
  address(clientAddress: string): Promise<Address>;
  network(of: {
    readonly clientAddress: string;
    readonly operator: string | null;
    readonly country: string;
  }): Promise<Network>;
  /** Of the number without its last four digits: ten thousand numbers that one carrier was given together. */
  prefix(e164: string): Promise<Prefix>;
  line(e164: string): Promise<Line>;
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
  /** Of guesses without a challenge id from an address that asked; another once it has asked again by this send. */
  addressHolder(address: Address, again: SendId | null): Promise<Holder>;
}

/** Shared by all addresses that did not ask for the code. */
export const OTHERS = "others" as Holder;

export async function createIdentity(idSecret: Uint8Array<ArrayBuffer>): Promise<Identity> {
  const [subject, phone, user, address, network, prefix, line, send, attempt, holder, session] =
    await Promise.all([
      deriveMac(idSecret, "subject"),
      deriveMac(idSecret, "phone"),
      deriveMac(idSecret, "user"),
      deriveMac(idSecret, "address"),
      deriveMac(idSecret, "network"),
      deriveMac(idSecret, "prefix"),
      deriveMac(idSecret, "line"),
      deriveMac(idSecret, "send"),
      deriveMac(idSecret, "attempt"),
      deriveMac(idSecret, "holder"),
      deriveMac(idSecret, "session"),
    ]);
  return {
    subject: async (role, e164) => text(await subject(role, e164), 18) as Subject,
    phoneId: async (e164) => text(await phone(e164), 18) as PhoneId,
    userId: async (of) => text(await user(of), 18),
    address: async (clientAddress) => text(await address(clientAddress), 12) as Address,
    network: async (of) =>
      text(await network(of.operator ?? networkOf(of.clientAddress), of.country), 12) as Network,
    prefix: async (e164) => text(await prefix(e164.slice(0, -4)), 12) as Prefix,
    line: async (e164) => text(await line(e164), 6) as Line,
    sessionId: async (of, opening) => text(await session(of, opening), 12) as SessionId,
    sendId: async (of, idempotencyKey) => text(await send(of, idempotencyKey), 12) as SendId,
    attemptId: async (of) =>
      text(await attempt(of.subject, of.holder, of.guess, of.idempotencyKey), 18) as AttemptId,
    requester: async (of, sendId) => text(await holder("send", of, sendId), HOLDER_BYTES) as Holder,
    addressHolder: async (of, again) =>
      text(await holder("address", of, again ?? ""), HOLDER_BYTES) as Holder,
  };
}

export const HOLDER_BYTES = 8;

function text(bytes: Uint8Array, length: number): string {
  return toBase64url(bytes.subarray(0, length));
}

export function randomAttemptId(random: (length: number) => Uint8Array): AttemptId {
  return toBase64url(random(18)) as AttemptId;
}

export function randomInvocationId(
  random: (length: number) => Uint8Array,
  { proven }: { readonly proven: boolean },
): InvocationId {
  const id = toBase64url(random(9));
  return (proven ? markProven(id) : id) as InvocationId;
}

/** A client address as routes/caller.ts tells it: a dotted quad, or the four groups of a /64. */
function networkOf(clientAddress: string): string {
  return clientAddress.split(/[.:]/).slice(0, 3).join(".");
}
