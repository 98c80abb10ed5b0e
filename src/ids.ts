// Names that this service gives, so that none can stand in for another. None tells what it names.

/** A phone number in a role, 24 characters that reveal neither. */
export type Subject = string & { readonly __brand: "Subject" };
/** Tells the subjects of one number apart, 6 characters. */
export type SubjectTag = string & { readonly __brand: "SubjectTag" };
/** A phone number, whatever the role, 24 characters. */
export type PhoneId = string & { readonly __brand: "PhoneId" };
/** A client address, 16 characters. */
export type Address = string & { readonly __brand: "Address" };
/** The number without its last four digits, 16 characters. */
export type Prefix = string & { readonly __brand: "Prefix" };
/** A number, whatever the role, among those of its prefix; 8 characters. */
export type Line = string & { readonly __brand: "Line" };
/** Who runs the caller's network, else its /24 or, of IPv6, /48; for numbers of one country; 16 characters. */
export type Network = string & { readonly __brand: "Network" };
/** One execution of a send, 12 characters; `~` before those of a caller with proof of an earlier sign-in. */
export type InvocationId = string & { readonly __brand: "InvocationId" };
/** Several requests to send under one `Idempotency-Key`, 16 characters; a request without a key has its execution's own. */
export type SendId = string & { readonly __brand: "SendId" };
/** One guess, or several equal ones under one `Idempotency-Key`; 24 characters. */
export type AttemptId = string & { readonly __brand: "AttemptId" };
/** Who has guesses of their own on a code: a requester, or an address; 8 bytes in base64url. */
export type Holder = string & { readonly __brand: "Holder" };

/** What one code is derived from: 16 random bytes and a 2-byte tag of the secret that it belongs to; 24 characters. */
export type Nonce = string & { readonly __brand: "Nonce" };

/**
 * The guesses of one holder without a challenge id on one code, as a place in the log of sends: `!<N'>.<H>`, or those that
 * a send has brought with it, `!<N'>.@<send id>`.
 */
export type GuessPlace = string & { readonly __brand: "GuessPlace" };

/** A session's name, 16 characters; `sid` of its access tokens. */
export type SessionId = string & { readonly __brand: "SessionId" };

export function tagOf(subject: Subject): SubjectTag {
  return subject.slice(0, 6) as SubjectTag;
}

/** Of a request that nobody can repeat. */
export function unkeyedSendId(invocation: InvocationId): SendId {
  return invocation as string as SendId;
}

/** No character of base64url. */
const PROVEN = "~";

export function markProven(invocation: string): string {
  return PROVEN + invocation;
}

/** Whether the caller of this execution had proof of an earlier sign-in. */
export function isProven(invocation: InvocationId): boolean {
  return invocation.startsWith(PROVEN);
}

/** 18 bytes in base64url, in which every text of this length has one meaning. */
const NONCE = /^[A-Za-z0-9_-]{24}$/;

export function parseNonce(text: string): Nonce | null {
  return NONCE.test(text) ? (text as Nonce) : null;
}

/** Tells the codes of one subject apart. */
export function shortNonce(nonce: Nonce): string {
  return nonce.slice(0, 8);
}

/** In `log:<number>`, beside executions of sends. */
export function guessPlace(nonce: Nonce, holder: Holder): GuessPlace {
  return `!${shortNonce(nonce)}.${holder}` as GuessPlace;
}

/** The same, of the guesses that come with a send. */
export function sendPlace(nonce: Nonce, sendId: SendId): GuessPlace {
  return `!${shortNonce(nonce)}.@${sendId}` as GuessPlace;
}

/** The send that a place is named after, or null. */
export function sendOfPlace(place: string): SendId | null {
  const [, sendId] = /\.@(.+)$/.exec(place) ?? [];
  return sendId === undefined ? null : (sendId as SendId);
}
