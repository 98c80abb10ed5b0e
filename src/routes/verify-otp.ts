import * as z from "zod/mini";
import { PUBLIC } from "../errors.ts";
import type { VerifyRefusal } from "../otp/verify.ts";
import { verifyCode } from "../otp/verify.ts";
import { userOf } from "../directory/user.ts";
import type { SignInResult } from "../sessions/sign-in.ts";
import { signIn } from "../sessions/sign-in.ts";
import { userAgentFamily } from "../sessions/user-agent.ts";
import { toAsciiDigits } from "../phone.ts";
import { refuse, succeed } from "./answer.ts";
import { readCaller } from "./caller.ts";
import type { AppContext } from "./env.ts";
import { optionalText, requiredText } from "./fields.ts";
import { createHandlers } from "./handlers.ts";
import { jsonBody, refuseFields } from "./json-body.ts";
import { refuseOverLimit } from "./over-limit.ts";

export const verifyOtpRequest = z.object({
  phone: requiredText("phone", 64),
  otp: requiredText("otp", 32),
  role: optionalText("role", 32),
  app: optionalText("app", 32),
  challengeId: optionalText("challengeId", 16_384),
  deviceId: optionalText("deviceId", 100),
  deviceName: optionalText("deviceName", 100),
});

/** `POST /api/v1/auth/verify-otp`. */
export const verifyOtp = createHandlers(jsonBody(verifyOtpRequest), async (c) => {
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
  const { deviceId, deviceName, challengeId } = body;
  const device = { deviceId, deviceName, userAgent: userAgentFamily(c.req.header("User-Agent")) };
  const request = { ...caller, guess, challengeId, device };
  const result = await verifyCode(request, { ...deps, ...upstreams, policy, defer });
  if (!result.ok) return refuseVerify(c, result.refusal);
  const { requestId } = c.get("trace");
  const signedIn = await signIn(
    { ...caller, ...result, requestId, isRepeatable: caller.idempotencyKey !== null },
    { ...deps, ...upstreams },
  );
  if (!signedIn.ok) return refuseSignIn(c, signedIn.reason);
  const { profile, tokens } = signedIn;
  const { role } = caller.app;
  const person = { role, displayPhone: caller.phone.display, userId: result.userId, record: profile };
  const { user, preferredLanguage } = userOf(person);
  return succeed(c, {
    verified: true,
    user,
    isNewUser: profile?.isNewUser ?? result.isFirstSignIn,
    ...(preferredLanguage === null ? {} : { preferredLanguage }),
    tokens,
  });
});

/** Milliseconds until a directory that failed may have recovered. */
const DIRECTORY_RETRY_MS = 2000;

function refuseSignIn(c: AppContext, reason: Extract<SignInResult, { ok: false }>["reason"]) {
  if (reason !== "directory_unavailable") return refuse(c, PUBLIC[reason], { reason });
  return refuse(c, PUBLIC[reason], {
    reason,
    retryAfterMs: DIRECTORY_RETRY_MS,
    extra: { upstream: "directory" },
  });
}

function refuseVerify(c: AppContext, refusal: VerifyRefusal) {
  const { reason } = refusal;
  switch (reason) {
    case "over_limit":
      return refuseOverLimit(c, refusal.longest, [refusal.longest]);
    case "wrong_guess":
      return refuse(c, PUBLIC[reason], {
        reason,
        extra: { attemptsRemaining: refusal.attemptsRemaining },
      });
    case "out_of_guesses":
      return refuse(c, PUBLIC[reason], { reason, extra: { attemptsRemaining: 0 } });
    case "forged":
    case "expired":
    case "no_code":
    case "replaced":
    case "used":
      return refuse(c, PUBLIC[reason], { reason });
  }
}
