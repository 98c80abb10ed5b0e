// Names that this service gives, so that none can stand in for another. None tells what it names.

/** A phone number in a role, 24 characters that reveal neither. */
export type Subject = string & { readonly __brand: "Subject" };
/** A client address, 16 characters. */
export type Address = string & { readonly __brand: "Address" };
/** One execution of a send, 12 characters. */
export type InvocationId = string & { readonly __brand: "InvocationId" };
/** One request to send, or several under one `Idempotency-Key`; 16 characters. */
export type SendId = string & { readonly __brand: "SendId" };
/** One guess, or several equal ones under one `Idempotency-Key`; 24 characters. */
export type AttemptId = string & { readonly __brand: "AttemptId" };
/** Who has guesses of their own on a code: a requester, or an address; 8 bytes in base64url. */
export type Holder = string & { readonly __brand: "Holder" };

/** A session's name, 16 characters; `sid` of its access tokens. */
export type SessionId = string & { readonly __brand: "SessionId" };
