import * as z from "zod/mini";
import { decodeJson } from "../bytes.ts";
import { claimsSchema } from "./claims.ts";
import type { DirectoryAnswer } from "./port.ts";

/** Absent, null and empty are one. Lengths in UTF-16 units. */
const optionalText = (most: number) =>
  z.pipe(
    // A control character takes six bytes of JSON, and a token has room for few.
    z.nullish(z.string().check(z.maxLength(most), z.regex(/^[^\p{Cc}\p{Cs}]*$/u))),
    z.transform((text) => text || null),
  );

const optionalYes = z.pipe(
  z.nullish(z.boolean()),
  z.transform((value) => value ?? false),
);

const suspensionSchema = z.object({ suspended: optionalYes });

/** Unknown fields are ignored. A record that says nothing of `isNewUser` is there already, so it is not new. */
const recordSchema = z.object({
  id: z.pipe(
    z.nullish(z.string().check(z.regex(/^[!-~]{1,128}$/))),
    z.transform((id) => id ?? null),
  ),
  name: optionalText(200),
  email: optionalText(200),
  company: optionalText(200),
  isProfileComplete: optionalYes,
  preferredLanguage: optionalText(35),
  isNewUser: optionalYes,
  createdAt: optionalText(40),
  updatedAt: optionalText(40),
  claims: claimsSchema,
});

/**
 * Reads the body of a 200. Suspension is judged first and alone: where a role proceeds without a directory, a suspended
 * person must not get in because some other field is wrong.
 */
export function parseAnswer(bytes: Uint8Array): DirectoryAnswer {
  try {
    const value = decodeJson(bytes);
    const suspension = suspensionSchema.safeParse(value);
    if (!suspension.success) return unreadable(suspension.error);
    if (suspension.data.suspended) return { kind: "suspended" };
    const record = recordSchema.safeParse(value);
    return record.success ? { kind: "record", record: record.data } : unreadable(record.error);
  } catch {
    return { kind: "unavailable", reason: "not_json" };
  }
}

/** Names the field of ours that is wrong. What stands deeper in the path is the answer's own words. */
function unreadable({ issues }: z.core.$ZodError): DirectoryAnswer {
  return { kind: "unavailable", reason: `field_${String(issues[0]?.path[0] ?? "none")}` };
}
