import type { DirectoryRecord } from "./port.ts";

/** The record of a person whom the company's backend does not know. */
export const NOBODY: DirectoryRecord = {
  id: null,
  name: null,
  email: null,
  company: null,
  isProfileComplete: false,
  preferredLanguage: null,
  isNewUser: true,
  createdAt: null,
  updatedAt: null,
  claims: {},
};
