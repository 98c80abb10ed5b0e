import { headersOf } from "../caller.ts";
import type { Contender } from "../contender.ts";
import { verdictOf } from "./verdict.ts";

interface Body {
  readonly data?: { readonly challengeId?: string };
  readonly error?: { readonly code?: string };
}

const APPS = {
  customer: {
    name: "Weelo",
    default: true,
    defaultCountry: "IN",
    countries: ["IN"],
    senderId: "WEELO",
    audience: "weelo-customer",
    templates: { en: "Your Weelo verification code is: {code}. Valid for {minutes} minutes." },
  },
};

/** The limits of a number stay as they are; what one machine with all its callers would run into is out of the way. */
const POLICY = {
  resendAfterSeconds: 0,
  sendsPerHourPerIp: 1e9,
  verifiesPerHourPerIp: 1e9,
  smsPerDay: 1e12,
};

/** The service itself, as it is deployed. */
export const edgeOtp: Contender = {
  name: "edge-otp",
  entry: null,
  bindings: (upstreams) => ({ ...upstreams, APPS, POLICY }),
  async send(client, { phone, ...caller }) {
    const answer = await client.post("/api/v1/auth/send-otp", { phone }, headersOf(caller));
    const body = answer.body as Body | null;
    return { answer, isSent: answer.status === 200, challengeId: body?.data?.challengeId ?? null };
  },
  async verify(client, { phone, code, challengeId, ...caller }) {
    const asked = { phone, otp: code, challengeId };
    const answer = await client.post("/api/v1/auth/verify-otp", asked, headersOf(caller));
    return {
      answer,
      verdict: verdictOf(answer, (answer.body as Body | null)?.error?.code === "OTP_INVALID"),
    };
  },
  // Every answer but this one is the same for a right and a wrong guess.
  countCompared: ({ answers }) => answers.filter(({ verdict }) => verdict === "wrong").length,
};
