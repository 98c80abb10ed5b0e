import { createFactory } from "hono/factory";
import * as z from "zod/mini";
import { PUBLIC } from "../errors.ts";
import { rateLimitFields } from "../limits/fields.ts";
import type { VerifyRefusal } from "../otp/verify.ts";
import { verifyCode } from "../otp/verify.ts";
import { toAsciiDigits } from "../phone.ts";
import { refuse, succeed } from "./answer.ts";
import { readCaller } from "./caller.ts";
import type { AppContext, AppEnv } from "./env.ts";
import { optionalText, requiredText } from "./fields.ts";
import { jsonBody, refuseFields } from "./json-body.ts";

export const verifyOtpRequest = z.object({
  phone: requiredText("phone", 64),
  otp: requiredText("otp", 32),
  role: optionalText("role", 32),
  app: optionalText("app", 32),
  challengeId: optionalText("challengeId", 16_384),
  deviceId: optionalText("deviceId", 100),
  deviceName: optionalText("deviceName", 100),
});

export const verifyOtpResponse = z.object({
  verified: z.literal(true),
  user: z.object({ id: z.string(), phone: z.string(), role: z.string(), isProfileComplete: z.boolean() }),
  isNewUser: z.boolean(),
});

/** `POST /api/v1/auth/verify-otp` (DESIGN section 1). */
export const verifyOtp = createFactory<AppEnv>().createHandlers(jsonBody(verifyOtpRequest), async (c) => {
  const body = c.req.valid("json");
  const { deps, upstreams, defer } = c.var;
  const { policy } = deps.config;
  const guess = toAsciiDigits(body.otp.normalize("NFKC")).replace(/[\s\p{Pd}\p{Cf}]/gu, "");
  if (!/^\d+$/.test(guess) || guess.length !== policy.codeLength) {
    const message = `Please enter the ${policy.codeLength} digits of the SMS.`;
    return refuseFields(c, [{ path: "otp", message }], message);
  }
  const caller = readCaller(c, body);
  if ("refusal" in caller) return caller.refusal;
  if (caller.app.requireChallenge && body.challengeId === null) {
    return refuseFields(c, [
      { path: "challengeId", message: "challengeId must be the one that send-otp answered" },
    ]);
  }
  const request = { ...caller, guess, challengeId: body.challengeId };
  const result = await verifyCode(request, { ...deps, ...upstreams, policy, defer });
  if (!result.ok) return refuseVerify(c, result.refusal);
  return succeed(c, {
    verified: true,
    user: { id: result.userId, phone: caller.phone.display, role: caller.app.role, isProfileComplete: false },
    isNewUser: result.isFirstSignIn,
  } satisfies z.infer<typeof verifyOtpResponse>);
});

function refuseVerify(c: AppContext, refusal: VerifyRefusal): Response {
  const code = PUBLIC[refusal.reason];
  switch (refusal.reason) {
    case "over_limit": {
      const { limit, waitMs } = refusal.longest;
      return refuse(c, code, {
        reason: `${refusal.reason}:${limit}`,
        retryAfterMs: waitMs,
        extra: { retryAfterMs: waitMs, limit },
        headers: rateLimitFields([refusal.longest]),
      });
    }
    case "wrong_guess":
      return refuse(c, code, {
        reason: refusal.reason,
        extra: { attemptsRemaining: refusal.attemptsRemaining },
      });
    case "out_of_guesses":
      return refuse(c, code, { reason: refusal.reason, extra: { attemptsRemaining: 0 } });
    case "forged":
    case "expired":
    case "no_code":
    case "replaced":
    case "used":
      return refuse(c, code, { reason: refusal.reason });
  }
}
