import * as z from "zod/mini";
import { PUBLIC } from "../errors.ts";
import { rateLimitFields } from "../limits/fields.ts";
import type { SendRefusal } from "../otp/send.ts";
import { sendCode } from "../otp/send.ts";
import { isProof } from "../sessions/proof.ts";
import { refuse, succeed } from "./answer.ts";
import { bearerToken } from "./bearer.ts";
import { readCaller } from "./caller.ts";
import { confirmPerson } from "./confirm-person.ts";
import type { AppContext } from "./env.ts";
import { optionalLocale, optionalText, requiredText } from "./fields.ts";
import { createHandlers } from "./handlers.ts";
import { jsonBody } from "./json-body.ts";
import { refuseOverLimit } from "./over-limit.ts";

export const sendOtpRequest = z.object({
  phone: requiredText("phone", 64),
  role: optionalText("role", 32),
  app: optionalText("app", 32),
  locale: optionalLocale,
  /** Proof of an earlier sign-in with this number, which opens a reserve of sends that strangers cannot use up. */
  refreshToken: optionalText("refreshToken", 4096),
  turnstileToken: optionalText("turnstileToken", 2048),
});

/** `POST /api/v1/auth/send-otp`. */
export const sendOtp = createHandlers(jsonBody(sendOtpRequest), async (c) => {
  const body = c.req.valid("json");
  const caller = readCaller(c, body);
  if ("refusal" in caller) return caller.refusal;
  const refusal = await confirmPerson(c, caller, body.turnstileToken);
  if (refusal !== null) return refusal;
  const { deps, upstreams, defer } = c.var;
  const { policy } = deps.config;
  const proof = { accessToken: bearerToken(c), refreshToken: body.refreshToken };
  const isProven = await isProof(proof, caller.phone.e164, deps);
  const request = { ...caller, isProven, locale: body.locale };
  const result = await sendCode(request, { ...deps, ...upstreams, policy, defer });
  if (!result.ok) return refuseSend(c, result.refusal);
  if (result.delivery === "unconfirmed") c.get("trace").reason = "unconfirmed";
  for (const [name, value] of Object.entries(rateLimitFields(result.standings))) c.header(name, value);
  return succeed(c, {
    message: `OTP sent to ${caller.phone.masked}. Please check your SMS.`,
    expiresIn: result.expiresInSeconds,
    challengeId: result.challengeId,
    resendIn: result.resendInSeconds,
    codeLength: policy.codeLength,
    delivery: result.delivery,
  });
});

/** Milliseconds until a region that refused all may have recovered. */
const SMS_RETRY_MS = 10_000;

function refuseSend(c: AppContext, refusal: SendRefusal) {
  const { reason } = refusal;
  switch (reason) {
    case "over_limit":
      return refuseOverLimit(c, refusal.longest, refusal.standings);
    case "in_progress":
      return refuse(c, PUBLIC[reason], { reason, retryAfterMs: refusal.waitMs });
    case "sms_rejected":
      return refuse(c, PUBLIC[reason], { reason });
    case "sms_unavailable":
      return refuse(c, PUBLIC[reason], {
        reason,
        retryAfterMs: SMS_RETRY_MS,
        extra: { upstream: "sms" },
      });
  }
}
