import type { Client } from "../rig/client.ts";
import type { ForkedUpstreams } from "../rig/upstreams.ts";
import type { Runner } from "./arena.ts";
import { nextPhone } from "./caller.ts";
import { closedLoop, type LoopOptions, type LoopResult } from "./closed-loop.ts";
import type { Candidate, Contender, VerifyRequest } from "./contender.ts";
import type { Bare } from "./contenders/bare.ts";

/** Whatever can be asked for codes, and take them back. */
export interface Rival extends Candidate {
  /** Rejects unless it was sent. */
  send(client: Client, phone: string): Promise<{ readonly ms: number; readonly challengeId: string | null }>;
  /** Rejects unless it was right. */
  verify(client: Client, held: VerifyRequest): Promise<number>;
}

/** What one phase of a round took. `cpuMs` of the Worker's process, for all of its runs. */
export interface Phase extends LoopResult {
  readonly cpuMs: number;
}

/** So many people, each with a number of his own, ask for a code; then each types it. */
export async function playRound(
  { candidate, client, workerd }: Runner<Rival>,
  upstreams: ForkedUpstreams,
  options: LoopOptions,
): Promise<{ readonly send: Phase; readonly verify: Phase }> {
  const sent: (Omit<VerifyRequest, "code"> & { readonly phone: string })[] = [];
  const phase = async (task: (index: number) => Promise<number>): Promise<Phase> => {
    const before = await workerd.usage();
    const loop = await closedLoop(options, task);
    return { ...loop, cpuMs: (await workerd.usage()).cpuMs - before.cpuMs };
  };
  const send = await phase(async () => {
    const phone = nextPhone();
    const { ms, challengeId } = await candidate.send(client, phone);
    sent.push({ phone, challengeId });
    return ms;
  });
  const codes = await upstreams.takeCodes();
  const verify = await phase((index) => {
    const held = sent[index];
    const code = codes.get(held?.phone ?? "");
    if (held === undefined || code === undefined) throw new Error(`${candidate.name} sent no code`);
    return candidate.verify(client, { ...held, code });
  });
  return { send, verify };
}

export function rivalOf(contender: Contender): Rival {
  return {
    ...contender,
    async send(client, phone) {
      const { answer, isSent, challengeId } = await contender.send(client, { phone });
      if (!isSent) throw new Error(`${contender.name} refuses a send: ${JSON.stringify(answer.body)}`);
      return { ms: answer.ms, challengeId };
    },
    async verify(client, held) {
      const { answer, verdict } = await contender.verify(client, held);
      if (verdict !== "signed_in")
        throw new Error(`${contender.name} refuses a code: ${JSON.stringify(answer.body)}`);
      return answer.ms;
    },
  };
}

export function rivalOfBare(bare: Bare): Rival {
  const requireOk = ({ status, ms }: { readonly status: number; readonly ms: number }): number => {
    if (status !== 200) throw new Error(`${bare.name} answers ${status}`);
    return ms;
  };
  return {
    ...bare,
    send: async (client, phone) => ({ ms: requireOk(await bare.send(client, phone)), challengeId: null }),
    verify: async (client, { phone, code }) => requireOk(await bare.verify(client, phone, code)),
  };
}
