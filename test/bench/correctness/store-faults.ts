import type { Fault } from "../../harness/fault-proxy.ts";
import { nextPhone } from "../caller.ts";
import type { SendAnswer, VerifyAnswer } from "../contender.ts";
import type { Stage } from "./stage.ts";
import { waitFor } from "./wait-for.ts";

const FAULTS = {
  /** Every connection breaks before the store hears of anything. */
  breaksOff: "drop_before",
  neverAnswers: "hang_before",
  answers500: {
    status: 500,
    body: '{"error":"ERR internal error"}',
    headers: { "content-type": "application/json" },
  },
} as const satisfies Readonly<Record<string, Fault>>;

export interface DownFinding {
  readonly send: SendAnswer | null;
  /** SMS that went out all the same. */
  readonly sms: number;
  /** With the right code, sent before. */
  readonly verify: VerifyAnswer | null;
}

export type DownFindings = Readonly<Record<keyof typeof FAULTS, DownFinding>>;

/** What callers see while the store is down. */
export async function measureStoreDown(stage: Stage): Promise<DownFindings> {
  return {
    breaksOff: await measure(stage, FAULTS.breaksOff),
    neverAnswers: await measure(stage, FAULTS.neverAnswers),
    answers500: await measure(stage, FAULTS.answers500),
  };
}

async function measure(stage: Stage, fault: Fault): Promise<DownFinding> {
  const held = await stage.obtainCode();
  const phone = nextPhone();
  stage.upstreams.store.plan(() => fault);
  const [send, verify] = await Promise.all([
    waitFor(stage.contender.send(stage.client, { phone })),
    waitFor(stage.verify(held)),
  ]);
  stage.upstreams.store.reset();
  return { send, sms: stage.countSms(phone), verify };
}
