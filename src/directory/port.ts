/** Whom the company's backend is asked about. */
export interface DirectoryQuery {
  readonly role: string;
  /** E.164. */
  readonly phone: string;
  /** The opaque id, which stands unless the record has one of its own. */
  readonly userId: string;
  readonly requestId: string;
}

/** What the company's backend knows of a person; null is what it did not say. */
export interface DirectoryRecord {
  readonly id: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly company: string | null;
  readonly isProfileComplete: boolean;
  readonly preferredLanguage: string | null;
  readonly isNewUser: boolean;
  readonly createdAt: string | null;
  readonly updatedAt: string | null;
  /** Extra claims of the access token, none of them one that this service sets itself. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** `unavailable`: no answer in time, or none that can be relied on. The reason is for the log and quotes no answer. */
export type DirectoryAnswer =
  | { readonly kind: "record"; readonly record: DirectoryRecord }
  | { readonly kind: "suspended" }
  | { readonly kind: "unavailable"; readonly reason: string };

/** One call, once, within the time-out of its policy (1 s at most), body included. Never throws. */
export type AskDirectory = (query: DirectoryQuery) => Promise<DirectoryAnswer>;
