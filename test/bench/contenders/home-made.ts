import { headersOf } from "../caller.ts";
import type { Contender } from "../contender.ts";
import { peerBindings } from "./peer-bindings.ts";
import { verdictOf } from "./verdict.ts";

interface Body {
  readonly error?: string;
}

export const homeMade: Contender = {
  name: "home-made",
  entry: "test/bench/peers/home-made.ts",
  bindings: peerBindings,
  async send(client, { phone, ...caller }) {
    const answer = await client.post("/send-otp", { phone }, headersOf(caller));
    return { answer, isSent: answer.status === 200, challengeId: null };
  },
  async verify(client, { phone, code, ...caller }) {
    const answer = await client.post("/verify-otp", { phone, otp: code }, headersOf(caller));
    return { answer, verdict: verdictOf(answer, (answer.body as Body | null)?.error === "Invalid OTP") };
  },
  countCompared: ({ answers }) => answers.filter(({ verdict }) => verdict === "wrong").length,
};
