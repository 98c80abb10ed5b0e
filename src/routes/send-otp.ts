import { createFactory } from "hono/factory";
import * as z from "zod/mini";
import { PUBLIC } from "../errors.ts";
import type { SendRefusal } from "../otp/send.ts";
import { sendCode } from "../otp/send.ts";
import { refuse, succeed } from "./answer.ts";
import { readCaller } from "./caller.ts";
import type { AppContext, AppEnv } from "./env.ts";
import { optionalLocale, optionalText, requiredText } from "./fields.ts";
import { jsonBody } from "./json-body.ts";
import { refuseOverLimit } from "./over-limit.ts";

export const sendOtpRequest = z.object({
  phone: requiredText("phone", 64),
  role: optionalText("role", 32),
  app: optionalText("app", 32),
  locale: optionalLocale,
});

export const sendOtpResponse = z.object({
  /** A contract with apps already in people's hands, to the letter. */
  message: z.string(),
  expiresIn: z.int(),
  challengeId: z.string(),
  resendIn: z.int(),
  codeLength: z.int(),
  delivery: z.enum(["accepted", "unconfirmed"]),
});

/** `POST /api/v1/auth/send-otp`. */
export const sendOtp = createFactory<AppEnv>().createHandlers(jsonBody(sendOtpRequest), async (c) => {
  const body = c.req.valid("json");
  const caller = readCaller(c, body);
  if ("refusal" in caller) return caller.refusal;
  const { deps, upstreams, defer } = c.var;
  const { policy } = deps.config;
  const result = await sendCode({ ...caller, locale: body.locale }, { ...deps, ...upstreams, policy, defer });
  if (!result.ok) return refuseSend(c, result.refusal);
  if (result.delivery === "unconfirmed") c.var.trace.reason = "unconfirmed";
  return succeed(c, {
    message: `OTP sent to ${caller.phone.masked}. Please check your SMS.`,
    expiresIn: result.expiresInSeconds,
    challengeId: result.challengeId,
    resendIn: result.resendInSeconds,
    codeLength: policy.codeLength,
    delivery: result.delivery,
  } satisfies z.infer<typeof sendOtpResponse>);
});

/** Milliseconds until a region that refused all may have recovered. */
const SMS_RETRY_MS = 10_000;

function refuseSend(c: AppContext, refusal: SendRefusal): Response {
  const code = PUBLIC[refusal.reason];
  switch (refusal.reason) {
    case "over_limit":
      return refuseOverLimit(c, refusal.longest, refusal.standings);
    case "in_progress":
      return refuse(c, code, { reason: refusal.reason, retryAfterMs: refusal.waitMs });
    case "sms_rejected":
      return refuse(c, code, { reason: refusal.reason });
    case "sms_unavailable":
      return refuse(c, code, {
        reason: refusal.reason,
        retryAfterMs: SMS_RETRY_MS,
        extra: { upstream: "sms" },
      });
  }
}
