import { describe, expect, it } from "vitest";
import type { DirectoryRecord } from "../../src/directory/port.ts";
import { userOf } from "../../src/directory/user.ts";

const person = { role: "driver", displayPhone: "9876543210", userId: "opaque" };
const record: DirectoryRecord = {
  id: "u-1",
  name: "Asha",
  email: "asha@example.com",
  company: "Asha Logistics",
  isProfileComplete: true,
  preferredLanguage: "hi",
  isNewUser: false,
  createdAt: "2025-01-01T00:00:00Z",
  updatedAt: "2025-02-01T00:00:00Z",
  claims: { plan: "gold" },
};
const bare = { phone: "9876543210", role: "driver", isProfileComplete: false };

describe("userOf", () => {
  it("says what the record says, and nothing of its claims", () => {
    expect(userOf({ ...person, record })).toStrictEqual({
      user: {
        id: "u-1",
        phone: "9876543210",
        role: "driver",
        isProfileComplete: true,
        name: "Asha",
        email: "asha@example.com",
        company: "Asha Logistics",
        createdAt: "2025-01-01T00:00:00Z",
        updatedAt: "2025-02-01T00:00:00Z",
      },
      preferredLanguage: "hi",
    });
  });

  it("leaves out what nobody knows, and keeps the opaque id", () => {
    const opaque = { user: { ...bare, id: "opaque" }, preferredLanguage: null };
    expect(userOf({ ...person, record: null })).toStrictEqual(opaque);
    const nulls = {
      id: null,
      name: null,
      email: null,
      company: null,
      isProfileComplete: false,
      preferredLanguage: null,
      createdAt: null,
      updatedAt: null,
    };
    expect(userOf({ ...person, record: { ...record, ...nulls } })).toStrictEqual(opaque);
  });
});
