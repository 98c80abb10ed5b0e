import * as z from "zod/mini";
import { decodeJson } from "../bytes.ts";
import type { TurnstileQuery, TurnstileVerdict } from "./port.ts";

const text = z.pipe(
  z.nullish(z.string()),
  z.transform((value) => value ?? ""),
);

const answerSchema = z.object({
  success: z.boolean(),
  hostname: text,
  action: text,
  challenge_ts: text,
  "error-codes": z.nullish(z.array(z.string())),
});

/** Cloudflare's error codes, and whose fault each is: the token's, or somebody's whom the person cannot help. */
const ERROR_CODES: Readonly<Record<string, "refused" | "unavailable">> = {
  "missing-input-response": "refused",
  "invalid-input-response": "refused",
  "timeout-or-duplicate": "refused",
  "bad-request": "refused",
  "missing-input-secret": "unavailable",
  "invalid-input-secret": "unavailable",
  "internal-error": "unavailable",
};

/** What Cloudflare itself gives a token to live. */
const MOST_AGE_MS = 300_000;

/** What an answer of siteverify says of a token. Fields that are not looked at are ignored. */
export function judgeAnswer(
  bytes: Uint8Array,
  expected: Pick<TurnstileQuery, "action" | "hostnames">,
  now: number,
): TurnstileVerdict {
  const parsed = parseAnswer(bytes);
  if ("unreadable" in parsed) return { kind: "unavailable", reason: parsed.unreadable };
  const { success, action, hostname, challenge_ts: solvedAt, "error-codes": codes } = parsed;
  if (!success) return verdictOfCodes(codes ?? []);
  if (action !== expected.action) return { kind: "refused", reason: "wrong_action" };
  if (!expected.hostnames.includes(hostname)) return { kind: "refused", reason: "wrong_hostname" };
  // A time that cannot be read is too old as well.
  if (!(now - Date.parse(solvedAt) <= MOST_AGE_MS)) return { kind: "refused", reason: "too_old" };
  return { kind: "passed" };
}

function parseAnswer(bytes: Uint8Array): z.infer<typeof answerSchema> | { readonly unreadable: string } {
  try {
    const parsed = answerSchema.safeParse(decodeJson(bytes));
    if (parsed.success) return parsed.data;
    return { unreadable: `field_${String(parsed.error.issues[0]?.path[0] ?? "none")}` };
  } catch {
    return { unreadable: "not_json" };
  }
}

/** A code that we do not know says nothing of the token. */
function verdictOfCodes(codes: readonly string[]): TurnstileVerdict {
  const known = codes.filter((code) => Object.hasOwn(ERROR_CODES, code));
  const reason = known.find((code) => ERROR_CODES[code] === "unavailable") ?? known[0] ?? "other";
  return { kind: ERROR_CODES[reason] ?? "unavailable", reason };
}
