import { PUBLIC } from "../errors.ts";
import { sendKey } from "../turnstile/send-key.ts";
import type { Refusal } from "./answer.ts";
import { refuse } from "./answer.ts";
import type { Caller } from "./caller.ts";
import type { AppContext } from "./env.ts";

const FOR_PEOPLE = "Please confirm that you are not a robot, and try again.";

/** Milliseconds until a siteverify that failed may have recovered. */
const TURNSTILE_RETRY_MS = 2000;

/** Null where the role asks for no Turnstile, or the token is good; else the response that refuses. */
export async function confirmPerson(
  c: AppContext,
  { app, phone, clientAddress, idempotencyKey }: Caller,
  token: string | null,
): Promise<Refusal<"INVALID_REQUEST" | "SERVICE_UNAVAILABLE"> | null> {
  if (app.turnstile === undefined) return null;
  if (token === null || token === "") return refusePerson(c, "missing");
  const { deps, upstreams } = c.var;
  const send = { token, role: app.role, e164: phone.e164, idempotencyKey };
  const verdict = await upstreams.turnstile?.({
    ...app.turnstile,
    token,
    remoteIp: clientAddress === "unknown" ? null : (c.req.header("CF-Connecting-IP")?.trim() ?? null),
    idempotencyKey: await sendKey(deps.turnstileMac, send, deps.random),
  });
  switch (verdict?.kind) {
    case "passed":
      return null;
    case "refused":
      return refusePerson(c, verdict.reason);
    case "unavailable":
    case undefined:
      return refuse(c, PUBLIC.turnstile_unavailable, {
        reason: `turnstile:${verdict?.reason ?? "no_secret"}`,
        retryAfterMs: TURNSTILE_RETRY_MS,
        extra: { upstream: "turnstile" },
      });
  }
}

function refusePerson(c: AppContext, reason: string) {
  return refuse(c, PUBLIC.turnstile_refused, {
    reason: `turnstile:${reason}`,
    message: FOR_PEOPLE,
    extra: { fields: [{ path: "turnstileToken", message: FOR_PEOPLE }] },
  });
}
