import type { Exchange } from "../exchange.ts";
import { readClaims } from "../tokens.ts";

/** The session that a sign-in opened; null where nobody was let in. */
export function sidOf({ ask, answer }: Exchange): string | null {
  if (ask.kind !== "verify" || answer?.code !== "OK") return null;
  const tokens = answer.data["tokens"] as Readonly<Record<string, unknown>>;
  return String(readClaims(String(tokens["accessToken"]))["sid"]);
}

/** Whether an upstream failed it, or it never came to an end. */
export function isFaulted({ answer, storeFailed, smsFailed }: Exchange): boolean {
  return answer === null || storeFailed || smsFailed;
}
