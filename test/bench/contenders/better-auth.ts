import { headersOf } from "../caller.ts";
import type { Contender } from "../contender.ts";
import { peerBindings } from "./peer-bindings.ts";
import { verdictOf } from "./verdict.ts";

interface Body {
  readonly code?: string;
}

export const betterAuth: Contender = {
  name: "better-auth",
  entry: "test/bench/peers/better-auth.ts",
  bindings: peerBindings,
  async send(client, { phone, ...caller }) {
    const asked = { phoneNumber: phone };
    const answer = await client.post("/api/auth/phone-number/send-otp", asked, headersOf(caller));
    return { answer, isSent: answer.status === 200, challengeId: null };
  },
  async verify(client, { phone, code, ...caller }) {
    const asked = { phoneNumber: phone, code };
    const answer = await client.post("/api/auth/phone-number/verify", asked, headersOf(caller));
    return { answer, verdict: verdictOf(answer, (answer.body as Body | null)?.code === "INVALID_OTP") };
  },
  // It answers "wrong" too where another guess has the code in hand. After a comparison that failed it puts it back.
  countCompared: ({ phone, commands }) =>
    commands.filter(([name, key]) => name === "set" && key === `verification:phone-number-otp-${phone}`)
      .length,
};
