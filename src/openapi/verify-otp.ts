import * as z from "zod/mini";
import { verifyOtpRequest } from "../routes/verify-otp.ts";
import { example } from "./examples.ts";
import { nameAnswer, nameRequest } from "./named.ts";
import type { Operation } from "./operation.ts";
import { tokens, tokensExample, user, userExample } from "./person.ts";

const answer = nameAnswer(
  "VerifyOtpAnswer",
  z.object({
    verified: z.literal(true),
    user,
    isNewUser: z.boolean(),
    preferredLanguage: z.optional(z.string()),
    tokens,
  }),
  {
    verified: "",
    user: "",
    isNewUser: "",
    preferredLanguage: "",
    tokens: "",
  },
);

export const verifyOtp: Operation<"POST /api/v1/auth/verify-otp"> = {
  id: "verifyOtp",
  tag: "Sign-in",
  summary: "Sign in with the code",
  description: "A code works once; a repeat with the same Idempotency-Key gets the same session.",
  parameters: ["Idempotency-Key", "X-Idempotency-Key"],
  body: {
    schema: nameRequest("VerifyOtpRequest", verifyOtpRequest, {
      phone: "As in send-otp.",
      otp: "In any digits; spaces and dashes do not matter.",
      role: "As in send-otp.",
      app: "Another name for role.",
      challengeId: "From send-otp. A role may require it.",
      deviceId: "For the list of sessions.",
      deviceName: "For the list of sessions.",
    }),
    examples: {
      withChallenge: {
        summary: "With a challenge id",
        value: {
          phone: example.phone,
          otp: "123456",
          role: "customer",
          challengeId: example.challengeId,
          deviceName: "Pixel of Asha",
        },
      },
    },
  },
  success: "Signed in.",
  answer: {
    data: answer,
    examples: {
      newUser: {
        summary: "A new user",
        value: { verified: true, user: userExample, isNewUser: true, tokens: tokensExample },
      },
    },
  },
  failures: {
    INVALID_REQUEST: true,
    INVALID_PHONE: true,
    OTP_INVALID: true,
    OTP_EXPIRED: true,
    OTP_MAX_ATTEMPTS: true,
    COUNTRY_NOT_ALLOWED: true,
    NUMBER_NOT_ALLOWED: true,
    ACCOUNT_SUSPENDED: true,
    BODY_TOO_LARGE: true,
    UNSUPPORTED_MEDIA_TYPE: true,
    OTP_RATE_LIMIT_EXCEEDED: true,
    SERVICE_UNAVAILABLE: true,
  },
};
