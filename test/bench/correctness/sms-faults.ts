import { setTimeout } from "node:timers/promises";
import type { Fault } from "../../harness/fault-proxy.ts";
import { nextPhone } from "../caller.ts";
import type { SendAnswer } from "../contender.ts";
import { waitFor } from "./wait-for.ts";
import type { Stage } from "./stage.ts";

export const LATE_MS = 10_000;

/** SNS takes each SMS, and then: */
const FAULTS = {
  neverAnswers: () => "hang_after",
  answersLate: () => ({ answerAfter: setTimeout(LATE_MS) }),
  breaksOff: () => "drop_after",
  answers500: () => ({ asStatus: 500, rewrite: () => INTERNAL_ERROR }),
} as const satisfies Readonly<Record<string, () => Fault>>;

const INTERNAL_ERROR = `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Receiver</Type>
<Code>InternalError</Code><Message>Internal failure</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

export interface SmsFinding {
  readonly answer: SendAnswer | null;
  readonly sms: number;
}

export type SmsFindings = Readonly<Record<keyof typeof FAULTS, SmsFinding>>;

/** What one send brings while SNS fails: how many SMS, and what the caller sees. */
export async function measureSmsFaults(stage: Stage): Promise<SmsFindings> {
  const planned = new Map<string, () => Fault>();
  stage.upstreams.sns.plan(({ body }) => {
    const to = new URLSearchParams(body).get("PhoneNumber") ?? "";
    return planned.get(to)?.() ?? "pass";
  });
  const send = async (fault: () => Fault): Promise<SmsFinding> => {
    const phone = nextPhone();
    planned.set(phone, fault);
    const answer = await waitFor(stage.contender.send(stage.client, { phone }));
    return { answer, sms: stage.countSms(phone) };
  };
  const [neverAnswers, answersLate, breaksOff, answers500] = await Promise.all([
    send(FAULTS.neverAnswers),
    send(FAULTS.answersLate),
    send(FAULTS.breaksOff),
    send(FAULTS.answers500),
  ]);
  stage.upstreams.sns.reset();
  return { neverAnswers, answersLate, breaksOff, answers500 };
}
