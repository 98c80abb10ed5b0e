import { NOBODY } from "./nobody.ts";
import type { DirectoryRecord } from "./port.ts";

/** `data.user` of the answers. What is not known is absent: the apps have no word for null. */
export interface User {
  readonly id: string;
  /** As the apps show it and send it back. */
  readonly phone: string;
  readonly role: string;
  readonly isProfileComplete: boolean;
  readonly name?: string;
  readonly email?: string;
  readonly company?: string;
  readonly createdAt?: string;
  readonly updatedAt?: string;
}

export interface Person {
  readonly role: string;
  readonly displayPhone: string;
  /** The opaque id. */
  readonly userId: string;
  /** Null without a directory, or where the role proceeds without its answer. */
  readonly record: DirectoryRecord | null;
}

/** Who signed in, as the apps are told. The record's id goes before the opaque one. */
export function userOf({ role, displayPhone, userId, record }: Person): {
  readonly user: User;
  readonly preferredLanguage: string | null;
} {
  const { id, isProfileComplete, name, email, company, createdAt, updatedAt, preferredLanguage } =
    record ?? NOBODY;
  const user = {
    id: id ?? userId,
    phone: displayPhone,
    role,
    isProfileComplete,
    ...(name === null ? {} : { name }),
    ...(email === null ? {} : { email }),
    ...(company === null ? {} : { company }),
    ...(createdAt === null ? {} : { createdAt }),
    ...(updatedAt === null ? {} : { updatedAt }),
  };
  return { user, preferredLanguage };
}
