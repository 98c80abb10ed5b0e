import * as z from "zod/mini";
import { sendOtpRequest } from "../routes/send-otp.ts";
import { example } from "./examples.ts";
import { nameAnswer, nameRequest } from "./named.ts";
import type { Operation } from "./operation.ts";

const answer = nameAnswer(
  "SendOtpAnswer",
  z.object({
    message: z.templateLiteral(["OTP sent to ", z.string(), ". Please check your SMS."]),
    expiresIn: z.int(),
    challengeId: z.string(),
    resendIn: z.int(),
    codeLength: z.int(),
    delivery: z.enum(["accepted", "unconfirmed"]),
  }),
  {
    message: "",
    expiresIn: "Seconds; of a resend, what is left.",
    challengeId: "To be sent with the code, so that nobody else's guesses count.",
    resendIn: "Seconds.",
    codeLength: "",
    delivery: "`unconfirmed`: the SMS may be on its way.",
  },
);

export const sendOtp: Operation<"POST /api/v1/auth/send-otp"> = {
  id: "sendOtp",
  tag: "Sign-in",
  summary: "Ask for a code",
  description:
    "A resend gives the same digits while half of their life is left. A token of an earlier sign-in with this number opens a reserve of sends that strangers cannot use up.",
  bearer: "optional",
  parameters: ["Idempotency-Key", "X-Idempotency-Key"],
  body: {
    schema: nameRequest("SendOtpRequest", sendOtpRequest, {
      phone: "E.164, or national in the role's default country; spaces, dashes and brackets do not matter.",
      role: "The app to sign in to; absent, the default.",
      app: "Another name for role.",
      locale: "BCP 47.",
      refreshToken: "Of an earlier sign-in.",
      turnstileToken: "From Cloudflare Turnstile, where the role asks for one.",
    }),
    examples: {
      national: { summary: "National", value: { phone: example.phone, role: "customer" } },
      international: { summary: "E.164, Hindi", value: { phone: "+919876543210", locale: "hi-IN" } },
    },
  },
  success: "Sent.",
  headers: ["RateLimit", "RateLimit-Policy"],
  answer: {
    data: answer,
    examples: {
      accepted: {
        summary: "Accepted",
        value: {
          message: "OTP sent to 98****3210. Please check your SMS.",
          expiresIn: 300,
          challengeId: example.challengeId,
          resendIn: 30,
          codeLength: 6,
          delivery: "accepted",
        },
      },
    },
  },
  failures: {
    INVALID_REQUEST: true,
    INVALID_PHONE: true,
    COUNTRY_NOT_ALLOWED: true,
    NUMBER_NOT_ALLOWED: true,
    REQUEST_IN_PROGRESS: true,
    BODY_TOO_LARGE: true,
    UNSUPPORTED_MEDIA_TYPE: true,
    OTP_RATE_LIMIT_EXCEEDED: true,
    OTP_SEND_FAILED: true,
    SERVICE_UNAVAILABLE: true,
  },
};
