import { nextPhone } from "./caller.ts";
import type { Recorded } from "./contenders/bare.ts";
import { edgeOtp } from "./contenders/edge-otp.ts";
import type { ArenaOptions } from "./arena.ts";
import { openArena } from "./arena.ts";
import type { Contender } from "./contender.ts";

/** What the service asks of the store for one send and one right guess, as the store gets it. */
export async function recordTransactions(
  options: Omit<ArenaOptions<Contender>, "candidates" | "isCounted">,
): Promise<Recorded> {
  const arena = await openArena({ ...options, candidates: [edgeOtp], isCounted: true });
  try {
    const [runner] = arena.runners;
    if (runner === undefined) throw new Error("nobody runs");
    const { candidate, client } = runner;
    const phone = nextPhone();
    const { challengeId } = await candidate.send(client, { phone });
    const code = (await arena.upstreams.takeCodes()).get(phone) ?? "";
    await candidate.verify(client, { phone, code, challengeId });
    const [send, verify, ...others] = await arena.upstreams.transactions();
    if (send === undefined || verify === undefined || others.length > 0)
      throw new Error("A sign-in is one transaction for the send and one for the guess");
    return { send, verify };
  } finally {
    await arena.close();
  }
}
